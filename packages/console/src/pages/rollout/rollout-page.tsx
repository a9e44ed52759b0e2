import { Button, Select } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconDownload, IconLock } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { read, readPages } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Told } from '../../parts/findings.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useWindowTitle } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { PlaceLink } from '../../parts/place-link.tsx';
import { downloadFile } from '../../parts/save-file.ts';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { StatePill, TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import type { Tone } from '../../parts/tone.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common, failureTexts } from '../../texts/common.ts';
import { number, sentences } from '../../texts/format.ts';
import { placeTexts } from '../../texts/places.ts';
import { rolloutTexts as texts } from '../../texts/rollout.ts';
import { rolloutStates } from '../../texts/states.ts';
import { useApp } from '../app/use-app.ts';
import classes from './rollout.module.css';
import { RolloutCommands } from './rollout-commands.tsx';
import { type Rollout, rolloutQuery } from './rollout-queries.ts';
import { StageRail } from './stage-rail.tsx';
import { useRolloutNews } from './use-rollout-news.ts';

const route = getRouteApi('/shell/apps/$app/rollouts/$rollout');
/** While the stream is interrupted; otherwise it tells of news, and only the clocks and the target go on unseen. */
const EVERY_MS = 3_000;
const SLOWLY_MS = 15_000;
const OVER = new Set(['completed', 'stopped', 'rolled back', 'superseded']);
const PHASE_TONES: Record<Rollout['phase'], Tone> = {
  planned: 'idle',
  working: 'busy',
  soaking: 'busy',
  blocked: 'wait',
  ready: 'ok',
  'standing still': 'wait',
  over: 'idle',
};

/** One rollout: how far each stage is, what stands before the next, and what may be done now. */
export function RolloutPage() {
  const { app, rollout: id } = route.useParams();
  const stream = useRolloutNews(app, Number(id));
  const rollout = useQuery({
    ...rolloutQuery(app, Number(id)),
    refetchInterval: ({ state: { data } }) => {
      if (data && OVER.has(data.state) && (!data.rollback || data.rollback.state === 'done')) return false;
      return stream === 'live' && data?.rollback?.state !== 'healing' ? SLOWLY_MS : EVERY_MS;
    },
  });
  return (
    <>
      <div className="row">
        <Link to="/apps/$app/rollouts" params={{ app }} search={{}}>
          {texts.all}
        </Link>
        {stream === 'lost' ? <TonePill tone="wait">{failureTexts.streamLost}</TonePill> : null}
      </div>
      <Loaded query={rollout}>
        {(found) => <RolloutView app={app} rollout={found} readAtMs={rollout.dataUpdatedAt} />}
      </Loaded>
    </>
  );
}

function RolloutView({ app, rollout, readAtMs }: { app: string; rollout: Rollout; readAtMs: number }) {
  const { can } = useSession();
  const { label } = useApp();
  useWindowTitle(nameState(rollout, label));
  return (
    <>
      <Panel
        title={texts.rolloutOf(rollout.version)}
        beside={
          <>
            <StatePill family="rollout" state={rollout.state} />
            {OVER.has(rollout.state) ? null : (
              <TonePill tone={PHASE_TONES[rollout.phase]}>{texts.phases[rollout.phase]}</TonePill>
            )}
          </>
        }
        actions={<RolloutActs app={app} rollout={rollout} />}
      >
        <div className="stack">
          {rollout.halt ? null : <p style={{ margin: 0 }}>{rollout.sentence}</p>}
          {rollout.halt ? (
            <Notice
              tone="bad"
              icon={IconAlertTriangle}
              title={texts.stillIn(rolloutStates[rollout.state], rollout.stages[rollout.stage]?.name)}
              live
            >
              <p>
                {rollout.halt.why} (<Time at={rollout.halt.at} show="both" focusable />, {rollout.halt.by})
              </p>
            </Notice>
          ) : null}
          {rollout.withoutRollout === null ? (
            <StageRail rollout={rollout} readAtMs={readAtMs} />
          ) : (
            <Notice tone="idle" title={texts.atOnce}>
              <p>{rollout.withoutRollout}</p>
            </Notice>
          )}
          <RolloutCommands app={app} rollout={rollout} />
        </div>
      </Panel>
      {rollout.rollback ? <WayBack app={app} rollback={rollout.rollback} /> : null}
      <div className={classes['columns']}>
        {rollout.gates.length > 0 ? <Gates rollout={rollout} /> : null}
        <How rollout={rollout} />
      </div>
      {can('reasons:read') && rollout.withoutRollout === null ? <WhyHere app={app} rollout={rollout} /> : null}
      {can('provisioning:read') && rollout.startedAt !== null ? <Reached app={app} rollout={rollout} /> : null}
    </>
  );
}

/** Where it stands, in as many words as a tab has room for. */
function nameState({ state, phase, stage, stages }: Rollout, app: string): string {
  const how = state === 'running' ? texts.phases[phase] : rolloutStates[state];
  const where = OVER.has(state) ? undefined : stages[stage]?.name;
  return [[how, where].filter(Boolean).join(', '), app].join(' · ');
}

function RolloutActs({ app, rollout }: { app: string; rollout: Rollout }) {
  const { can } = useSession();
  const navigate = useNavigate();
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps'] });
  if (rollout.state !== 'planned' || !can('apps:write')) return null;
  return (
    <ActButton
      label={texts.discard}
      size="xs"
      confirm={{
        title: texts.discardTitle,
        effect: texts.discardEffect,
        verb: texts.discardVerb,
        danger: true,
        onConfirm: async () => {
          await api.DELETE('/api/v1/apps/{app}/rollouts/{rollout}', {
            params: { path: { app, rollout: rollout.id }, header: { 'If-Match': rollout.etag ?? '*' } },
          });
          tellDone(texts.discarded);
          await navigate({ to: '/apps/$app/rollouts', params: { app }, search: {} });
          await refresh.run(undefined);
        },
      }}
    />
  );
}

export function Gates({ rollout }: { rollout: Rollout }) {
  return (
    <Panel title={texts.gates}>
      <ul className={classes['gates']}>
        {rollout.gates.map(({ gate, open, message, fix }) => (
          <li key={gate}>
            {open ? (
              <IconCheck size={18} color="var(--u-ok)" aria-label={texts.gateOpen} />
            ) : (
              <IconLock size={18} color="var(--u-wait)" aria-label={texts.gateClosed} />
            )}
            <div>
              <p>
                <strong>{texts.gateNames[gate] ?? gate}:</strong> <Told text={message} />
              </p>
              {fix ? (
                <p className="dim">
                  {gate === 'readiness' ? placeTexts.setup.fix : fix}{' '}
                  {gate === 'readiness' ? <PlaceLink place="setup" /> : null}
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      {rollout.readinessCheckedAt ? (
        <p className="dim" style={{ margin: '0.5rem 0 0' }}>
          {texts.lookedAt} <Time at={rollout.readinessCheckedAt} />
        </p>
      ) : null}
    </Panel>
  );
}

function How({ rollout: { pilot, settings, note } }: { rollout: Rollout }) {
  const names = [...pilot.users, ...pilot.profiles, ...pilot.permissionSets].map(({ name }) => name);
  // Of a version that reached everyone at once there is nothing to tell.
  if (names.length === 0 && !settings && !note) return null;
  return (
    <Panel title={texts.settings}>
      <Facts
        facts={[
          names.length === 0 ? undefined : [texts.pilot, names.join(', ')],
          settings ? [texts.settingsSoak, texts.hours(settings.soakHours)] : undefined,
          settings
            ? [texts.settingsLimit, texts.limit(settings.failureLimit.count, settings.failureLimit.percent)]
            : undefined,
          settings ? [texts.settingsFailure, texts.onFailure[settings.onFailure]] : undefined,
          note ? [texts.form.note, note] : undefined,
        ]}
      />
    </Panel>
  );
}

function WhyHere({ app, rollout }: { app: string; rollout: Rollout }) {
  const [user, setUser] = useState<string | null>(null);
  const place = useQuery({
    ...read('/api/v1/apps/{app}/rollouts/{rollout}/users/{user}', {
      params: { path: { app, rollout: rollout.id, user: user ?? '' } },
    }),
    enabled: user !== null,
  });
  return (
    <Panel title={texts.why}>
      <div className="stack" style={{ maxWidth: '40rem' }}>
        <PersonSelect ariaLabel={texts.whyLabel} value={user} onChange={setUser} />
        {user === null ? null : (
          <Loaded query={place}>
            {({ stage, sentence, version }) => (
              <Notice
                tone={stage === null ? 'idle' : 'ok'}
                title={stage === null ? texts.whyNone : texts.whyStage(rollout.stages[stage]?.name ?? String(stage))}
                live
              >
                <p>
                  {sentence}. {texts.whyVersion(version)}
                </p>
              </Notice>
            )}
          </Loaded>
        )}
      </div>
    </Panel>
  );
}

const PAGE = 100;
type Work = 'done' | 'pending' | 'retrying' | 'failed' | 'held' | 'waiting' | 'failed before';
const WORK_TONES: Record<Work, Tone> = {
  done: 'ok',
  pending: 'busy',
  retrying: 'wait',
  failed: 'bad',
  held: 'held',
  waiting: 'wait',
  'failed before': 'bad',
};

function nameOfWork(work: Work): string {
  return texts.work[work === 'failed before' ? 'failedBefore' : work] ?? work;
}

function Reached({ app, rollout }: { app: string; rollout: Rollout }) {
  const [work, setWork] = useState('');
  const query = { limit: PAGE, ...(work === '' ? {} : { work: work as Work }) };
  const users = useInfiniteQuery({
    ...readPages('/api/v1/apps/{app}/rollouts/{rollout}/users', {
      params: { path: { app, rollout: rollout.id }, query },
    }),
    placeholderData: keepPreviousData,
  });
  const rows = users.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel
      title={texts.users}
      actions={
        <Select
          size="xs"
          aria-label={texts.workLabel}
          data={[
            { value: '', label: texts.anyWork },
            ...Object.keys(WORK_TONES).map((value) => ({ value, label: nameOfWork(value as Work) })),
          ]}
          value={work}
          onChange={(value) => setWork(value ?? '')}
          allowDeselect={false}
        />
      }
      flush
    >
      {rows.length === 0 ? (
        <p className="dim" style={{ margin: 0, padding: '1rem' }}>
          {texts.usersNone}
        </p>
      ) : (
        <SimpleTable
          label={texts.users}
          head={Object.values(texts.usersColumns)}
          keys={rows.map(({ userId }) => userId)}
          rows={rows.map((user) => [
            <Link key="user" to="/users/$user" params={{ user: user.userId }} className={classes['who']}>
              {user.username}
            </Link>,
            <span key="stage" className={classes['where']}>
              {rollout.stages[user.stage]?.name ?? user.stage}
            </span>,
            <TonePill key="work" tone={WORK_TONES[user.work]}>
              {nameOfWork(user.work)}
            </TonePill>,
            <Time key="at" at={user.at} />,
            user.reason ? (
              <span key="reason" className="break">
                {sentences(user.reason, user.nextStep)}
              </span>
            ) : (
              ''
            ),
          ])}
        />
      )}
      {users.hasNextPage ? (
        <div style={{ padding: '0.5rem 1rem' }}>
          <Button size="xs" onClick={() => void users.fetchNextPage()} loading={users.isFetchingNextPage}>
            {common.loadOlder}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function WayBack({ app, rollback }: { app: string; rollback: NonNullable<Rollout['rollback']> }) {
  const { can } = useSession();
  const save = () => {
    const url = `/api/v1/apps/${encodeURIComponent(app)}/rollbacks/${rollback.id}/export`;
    downloadFile(url, 'rollback.csv');
  };
  return (
    <Panel
      title={texts.rollback}
      beside={
        <TonePill tone={rollback.isProved ? 'ok' : 'wait'}>
          {rollback.isProved ? texts.proved : texts.notProved}
        </TonePill>
      }
      actions={
        can('provisioning:read') ? (
          <Button size="xs" leftSection={<IconDownload size={14} />} onClick={save}>
            {texts.exportProof}
          </Button>
        ) : undefined
      }
    >
      <div className="stack">
        <p style={{ margin: 0 }}>{rollback.sentence}</p>
        <Facts
          facts={[
            [common.reason, `${rollback.reason} (${rollback.by})`],
            [common.time, <Time key="at" at={rollback.at} show="both" focusable />],
            ...Object.entries(rollback.counts)
              .filter(([, count]) => (count ?? 0) > 0)
              .map(([state, count]) => [texts.proofs[state] ?? state, number(count ?? 0)] as const),
          ]}
        />
      </div>
    </Panel>
  );
}
