import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Tagged } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { common } from '../../texts/common.ts';
import { settingsTexts, retentionTexts as texts } from '../../texts/settings.ts';

type Retention = Tagged<Answer<'/api/v1/retention'>>;

export function RetentionPage() {
  const retention = useQuery(read('/api/v1/retention', {}));
  return (
    <Panel title={settingsTexts.tabs.retention}>
      <Loaded query={retention}>{(found) => <RetentionForm key={found.etag} retention={found} />}</Loaded>
    </Panel>
  );
}

/** Keeping less deletes, so it is asked about; keeping more is simply done. */
function RetentionForm({ retention }: { retention: Retention }) {
  const [days, setDays] = useState<number | ''>(retention.days);
  const [bodyDays, setBodyDays] = useState<number | ''>(retention.bodyDays);
  const [asked, setAsked] = useState(false);
  const put = async () => {
    await api.PUT('/api/v1/retention', {
      headers: { 'if-match': retention.etag ?? '*' },
      body: { days: Number(days), bodyDays: Number(bodyDays) },
    } as never);
  };
  const save = useAct(put, { done: () => texts.saved });
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/retention'] });
  const less = Number(days) < retention.days || Number(bodyDays) < retention.bodyDays;
  return (
    <form
      className="stack"
      style={{ maxWidth: '30rem' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (less) setAsked(true);
        else void save.run(undefined);
      }}
    >
      <p className="dim" style={{ margin: 0 }}>
        {texts.lead}
      </p>
      <NumberField
        label={texts.days}
        value={days}
        onChange={(value) => setDays(value === '' ? '' : Number(value))}
        min={1}
        max={3650}
      />
      <NumberField
        label={texts.bodyDays}
        value={bodyDays}
        onChange={(value) => setBodyDays(value === '' ? '' : Number(value))}
        min={0}
        max={3650}
      />
      <div className="row">
        <Button type="submit" variant="filled" loading={save.busy} disabled={days === '' || bodyDays === ''}>
          {common.save}
        </Button>
      </div>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={texts.shorterTitle}
        effect={texts.shorterEffect(Number(days), Number(bodyDays))}
        verb={texts.shorterVerb}
        danger
        onConfirm={async () => {
          await put();
          tellDone(texts.saved);
          await refresh.run(undefined);
        }}
      />
    </form>
  );
}
