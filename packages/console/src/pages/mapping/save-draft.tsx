import { Button, Modal, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { ApiError } from '../../api/problem.ts';
import {
  checkConfiguration,
  type Newest,
  type Saved,
  saveConfiguration,
} from '../../configuration/use-configuration.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Failure, FailureText } from '../../parts/failure.tsx';
import { Findings } from '../../parts/findings.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { planTexts, mappingTexts as texts } from '../../texts/mapping.ts';
import type { App } from '../app/use-app.ts';
import classes from './mapping.module.css';
import type { Draft } from './use-draft.ts';

interface DraftBarProps {
  app: App;
  newest: Newest;
  draft: Draft;
  onChecked: (checked: Saved | undefined) => void;
}

/** Where the draft stands, and what can be done with it. It reaches nobody until it is saved and brought to them. */
export function DraftBar({ app, newest, draft, onChecked }: DraftBarProps) {
  const { can } = useSession();
  const navigate = useNavigate();
  const [saving, setSaving] = useState(false);
  const check = useAct(async () => await checkConfiguration(app.name, draft.configuration), {
    after: onChecked,
    refresh: [],
  });
  const plan = useAct(
    async () => {
      const { data } = await api.POST('/api/v1/apps/{app}/plans', {
        params: { path: { app: app.name } },
        body: { configuration: draft.configuration },
      });
      if (data) await navigate({ to: '/apps/$app/plans/$plan', params: { app: app.name, plan: data.id } });
    },
    { done: () => planTexts.made },
  );
  const dirty = draft.changes > 0;
  return (
    <div className={classes['bar']}>
      <span className="grow">
        {dirty ? (
          <strong>{texts.draft(draft.base, draft.changes)}</strong>
        ) : (
          <span className="row">
            {texts.clean(newest.version)}
            <TonePill tone={newest.isActive ? 'ok' : 'wait'}>
              {newest.isActive ? texts.inForce : texts.notInForce}
            </TonePill>
          </span>
        )}
      </span>
      {can('apps:write') ? (
        <>
          <Button size="xs" onClick={() => void check.run(undefined)} loading={check.busy}>
            {texts.check}
          </Button>
          <Button size="xs" onClick={() => void plan.run(undefined)} loading={plan.busy}>
            {dirty ? texts.plan : texts.planClean}
          </Button>
          {dirty ? (
            <ActButton
              label={texts.discard}
              size="xs"
              confirm={{
                title: texts.discardTitle,
                effect: texts.discardEffect(draft.changes),
                verb: texts.discardVerb,
                danger: true,
                onConfirm: async () => {
                  draft.discard();
                  onChecked(undefined);
                },
              }}
            />
          ) : null}
          <Button size="xs" variant="filled" disabled={!dirty || draft.isOutdated} onClick={() => setSaving(true)}>
            {texts.save}
          </Button>
        </>
      ) : null}
      <Modal
        opened={saving}
        onClose={() => setSaving(false)}
        title={texts.saveTitle(newest.version + 1)}
        size="lg"
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {saving ? <SaveForm app={app} draft={draft} onDone={() => setSaving(false)} onChecked={onChecked} /> : null}
      </Modal>
    </div>
  );
}

interface SaveFormProps {
  app: App;
  draft: Draft;
  onDone: () => void;
  onChecked: (checked: Saved) => void;
}

/** Checked first, with what it would do to everybody; then saved with a note. */
function SaveForm({ app, draft, onDone, onChecked }: SaveFormProps) {
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const [force, setForce] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const checked = useQuery({
    queryKey: ['check', app.name, draft.configuration],
    queryFn: async ({ signal }) => {
      const found = await checkConfiguration(app.name, draft.configuration, signal);
      onChecked(found);
      return found;
    },
    retry: false,
    staleTime: 0,
  });
  const failing = checked.data?.tests?.filter(({ ok }) => !ok) ?? [];
  const options = { note, force, baseVersion: draft.base };
  const save = useAct(async () => await saveConfiguration(app.name, draft.configuration, options), {
    done: ({ version }) => texts.saved(version ?? 0),
    failed: (error) => {
      // Somebody saved a version that this page has not seen yet: the page shows both side by side.
      if (error instanceof ApiError && error.code === 'precondition_failed') {
        void queries.invalidateQueries({ queryKey: ['/api/v1/apps/{app}/configurations', app.name] });
        onDone();
      } else setFailure(error);
    },
    after: () => {
      draft.discard();
      onDone();
    },
  });
  const problems = (checked.data?.problems ?? []).filter(({ field }) => !field.startsWith('mappingTests'));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      <p style={{ margin: 0 }}>{app.state === 'draft' ? texts.saveEffectDraft : texts.saveEffectActive}</p>
      {checked.error ? <Failure error={checked.error} onRetry={() => void checked.refetch()} /> : null}
      {checked.isPending ? <Lines count={3} /> : null}
      {checked.data ? <Verdict checked={checked.data} /> : null}
      <Textarea
        label={texts.note}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={2000}
        data-autofocus
      />
      {failing.length > 0 ? (
        <Textarea
          label={texts.force}
          value={force}
          onChange={(event) => setForce(event.currentTarget.value)}
          required
        />
      ) : null}
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button
          type="submit"
          variant="filled"
          loading={save.busy}
          disabled={checked.isPending || problems.length > 0 || (failing.length > 0 && force.trim() === '')}
        >
          {texts.saveVerb}
        </Button>
      </div>
    </form>
  );
}

/** What a check found: problems, warnings, tests, and the effect on everybody. */
export function Verdict({ checked }: { checked: Saved }) {
  const { problems, warnings, effect, tests } = checked;
  const failing = tests?.filter(({ ok }) => !ok) ?? [];
  return (
    <div className="stack-tight">
      {effect ? (
        <Notice tone="busy" title={effect.headline}>
          {effect.isExact ? null : <p>{texts.checkPeople(effect.lookedAt, effect.people)}</p>}
        </Notice>
      ) : null}
      {problems.length === 0 && warnings.length === 0 && failing.length === 0 ? (
        <Notice tone="ok">{texts.checkOk}</Notice>
      ) : null}
      <Verdicts tone="bad" title={texts.problems(problems.length)} findings={problems} />
      <Verdicts tone="wait" title={texts.warnings(warnings.length)} findings={warnings} />
      {failing.map(({ name, failures }) => (
        <Notice key={name} tone="bad" title={`${texts.tests.failed}: ${name}`}>
          <ul>
            {failures.map(({ attribute, message }) => (
              <li key={attribute}>{message}</li>
            ))}
          </ul>
        </Notice>
      ))}
    </div>
  );
}

function Verdicts({ tone, title, findings }: { tone: 'bad' | 'wait'; title: string; findings: Saved['problems'] }) {
  if (findings.length === 0) return null;
  return (
    <Notice tone={tone} title={title}>
      <Findings findings={findings} />
    </Notice>
  );
}
