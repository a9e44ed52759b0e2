import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { number } from '../../texts/format.ts';
import { vaultTexts as texts } from '../../texts/settings.ts';

type Vault = Answer<'/api/v1/vault'>;
type Rotated = { resealed: number; unopened: { owner: string; field: string; problem: string }[] };

const EVERY_MS = 1_000;
const SHOWN = 10;

/** The keys that seal secrets, by their ids alone, and sealing everything anew under the first. */
export function VaultPage() {
  const { can } = useSession();
  const [rotating, setRotating] = useState(false);
  const [rotated, setRotated] = useState<Rotated>();
  const vault = useQuery({ ...read('/api/v1/vault', {}), refetchInterval: rotating ? EVERY_MS : false });
  return (
    <div className="stack">
      <Panel
        title={texts.title}
        actions={
          can('vault:write') && vault.data ? (
            <Rotate
              vault={vault.data}
              onBegin={() => setRotating(true)}
              onEnd={() => setRotating(false)}
              onDone={setRotated}
            />
          ) : undefined
        }
      >
        <div className="stack">
          <p className="dim" style={{ margin: 0 }}>
            {texts.lead}
          </p>
          <Loaded query={vault}>{(found) => <Keys vault={found} rotating={rotating} />}</Loaded>
          {rotated && rotated.unopened.length > 0 ? (
            <Notice tone="bad" title={texts.unopened(rotated.unopened.length)} live>
              <ul>
                {rotated.unopened.map(({ owner, field, problem }) => (
                  <li key={`${owner} ${field}`}>{problem}</li>
                ))}
              </ul>
            </Notice>
          ) : null}
        </div>
      </Panel>
      <Panel title={texts.how}>
        <ol style={{ margin: 0, paddingInlineStart: '1.25rem' }}>
          {texts.howSteps.map((step) => (
            <li key={step} className="break">
              {step}
            </li>
          ))}
        </ol>
      </Panel>
      {can('audit:read') ? <Past /> : null}
    </div>
  );
}

function countOf({ keys }: Vault): { values: number; behind: number; missing: number } {
  const sum = (of: typeof keys) => of.reduce((total, { values }) => total + values, 0);
  return {
    values: sum(keys),
    behind: sum(keys.filter(({ seals, isHere }) => !seals && isHere)),
    missing: sum(keys.filter(({ isHere }) => !isHere)),
  };
}

function Keys({ vault, rotating }: { vault: Vault; rotating: boolean }) {
  const { values, behind, missing } = countOf(vault);
  const done = values - behind - missing;
  return (
    <>
      {missing > 0 ? (
        <Notice tone="bad" title={texts.missingTitle(missing)}>
          <p>{texts.missingBody}</p>
        </Notice>
      ) : null}
      {rotating ? (
        <div>
          <Progress value={values === 0 ? 100 : (100 * done) / values} animated aria-label={texts.rotatingLabel} />
          <p className="dim" style={{ margin: '0.375rem 0 0' }} role="status">
            {texts.rotating(done, values)}
          </p>
        </div>
      ) : null}
      {!rotating && missing === 0 ? (
        <Notice tone={behind > 0 ? 'wait' : 'ok'}>{behind > 0 ? texts.behind(behind) : texts.oneKey}</Notice>
      ) : null}
      <SimpleTable
        label={texts.title}
        head={Object.values(texts.columns)}
        ends={[2]}
        keys={vault.keys.map(({ id }) => id)}
        rows={vault.keys.map(({ id, seals, isHere, values: under }) => [
          <code key="id" className="mono break">
            {id}
          </code>,
          <TonePill key="state" tone={seals ? 'ok' : isHere ? 'idle' : 'bad'}>
            {seals ? texts.seals : isHere ? texts.opens : texts.missing}
          </TonePill>,
          number(under),
        ])}
      />
    </>
  );
}

interface RotateProps {
  vault: Vault;
  onBegin: () => void;
  onEnd: () => void;
  onDone: (rotated: Rotated) => void;
}

function Rotate({ vault, onBegin, onEnd, onDone }: RotateProps) {
  const { values, behind } = countOf(vault);
  const rotate = useAct(async () => (await api.POST('/api/v1/vault/rotate', {})).data, {
    refresh: ['/api/v1/vault', '/api/v1/audit'],
    after: (made) => {
      if (!made) return;
      tellDone(texts.rotated(made.resealed));
      onDone(made);
    },
  });
  return (
    <ActButton
      label={texts.rotate}
      size="xs"
      loading={rotate.busy}
      confirm={{
        title: texts.rotateTitle,
        effect: texts.rotateEffect(values, behind),
        verb: texts.rotateVerb(values),
        // The dialog closes at once: how far it is stands on the page.
        onConfirm: async () => {
          onBegin();
          void rotate.run(undefined).finally(onEnd);
        },
      }}
    />
  );
}

/** When the keys were rotated, as the audit has it. */
function Past() {
  const events = useQuery(
    read('/api/v1/audit', { params: { query: { action: 'vault.rotated', limit: SHOWN } } } as never),
  );
  return (
    <Panel
      title={texts.past}
      actions={
        <Link to="/audit" search={{ action: 'vault.rotated' }}>
          {texts.pastAll}
        </Link>
      }
      flush
    >
      <Loaded query={events}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="dim" style={{ margin: 0, padding: '1rem' }}>
              {texts.pastNone}
            </p>
          ) : (
            <SimpleTable
              label={texts.past}
              head={Object.values(texts.pastColumns)}
              keys={items.map(({ id }) => String(id))}
              rows={items.map(({ at, actor, after }) => {
                const { resealed = 0, unopened = 0 } = (after ?? {}) as { resealed?: number; unopened?: number };
                return [<Time key="at" at={at} show="both" focusable />, actor, texts.pastLine(resealed, unopened)];
              })}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
