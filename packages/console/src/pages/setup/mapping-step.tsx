import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type Configuration,
  proposeMapping,
  type Rule,
  saveConfiguration,
  useNewestConfiguration,
} from '../../configuration/use-configuration.ts';
import { FailureText } from '../../parts/failure.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { useAct } from '../../parts/use-act.ts';
import { shortPath } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { listed } from '../../texts/format.ts';
import { mappingTexts } from '../../texts/mapping.ts';
import { setupTexts } from '../../texts/setup.ts';
import type { App } from '../app/use-app.ts';
import classes from './setup-page.module.css';

const texts = setupTexts.mapping;

/** The first mapping comes from the target; the editor is where it is worked on. */
export function MappingStep({ app }: { app: App }) {
  const newest = useNewestConfiguration(app.name);
  return (
    <Panel
      title={texts.title}
      actions={
        newest.data ? (
          <LinkButton to="/apps/$app/mapping" params={{ app: app.name }} size="xs" variant="filled">
            {texts.edit}
          </LinkButton>
        ) : undefined
      }
      flush
    >
      <Loaded query={newest}>
        {(found) => (found ? <Rules rules={found.configuration.mapping} /> : <Proposal app={app} />)}
      </Loaded>
    </Panel>
  );
}

function Rules({ rules }: { rules: readonly Rule[] }) {
  return (
    <SimpleTable
      label={texts.title}
      head={[mappingTexts.target, mappingTexts.formula, mappingTexts.required]}
      keys={rules.map(({ target }) => target)}
      rows={rules.map(({ target, formula, required }) => [
        <span key="target" className="break">
          {shortPath(target)}
        </span>,
        <code key="formula" className="mono break">
          {formula}
        </code>,
        required ? common.yes : '',
      ])}
    />
  );
}

function Proposal({ app }: { app: App }) {
  const { can } = useSession();
  const proposal = useQuery({
    queryKey: ['proposal', app.name, app.credential?.enteredAt ?? null],
    queryFn: () => proposeMapping(app.name),
  });
  const [failure, setFailure] = useState<unknown>();
  const save = useAct(
    async (first: Configuration) => await saveConfiguration(app.name, first, { note: texts.proposed, baseVersion: 0 }),
    { done: ({ version }) => texts.saved(version ?? 0), failed: setFailure },
  );
  return (
    <div style={{ padding: '1rem' }} className="stack">
      <p className={classes['lead']}>{texts.lead}</p>
      <Loaded query={proposal} skeleton={<Lines count={6} />}>
        {({ first, missing, notes }) => (
          <>
            {notes.map((note) => (
              <Notice key={note} tone="wait">
                {note}
              </Notice>
            ))}
            {missing.length > 0 ? (
              <Notice tone="wait" title={texts.missing}>
                <p>{listed(missing)}</p>
              </Notice>
            ) : null}
            {failure === undefined ? null : (
              <Notice tone="bad" live>
                <FailureText error={failure} />
              </Notice>
            )}
            {can('apps:write') && first.mapping.length > 0 ? (
              <div className="row">
                <Button variant="filled" loading={save.busy} onClick={() => void save.run(first)}>
                  {texts.propose}
                </Button>
                <span className="dim">{texts.rules(first.mapping.length)}</span>
              </div>
            ) : null}
            <Rules rules={first.mapping} />
          </>
        )}
      </Loaded>
    </div>
  );
}
