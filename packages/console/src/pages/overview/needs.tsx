import { Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Item, read } from '../../api/read.ts';
import { Empty } from '../../parts/empty.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import type { Tone } from '../../parts/tone.ts';
import { useSession } from '../../session/session.tsx';
import { sentences } from '../../texts/format.ts';
import { overviewTexts as texts } from '../../texts/overview.ts';
import classes from './overview.module.css';
import type { App } from './overview-page.tsx';

interface Need {
  key: string;
  tone: Tone;
  title: string;
  body: string;
  /** Null: nobody knows. */
  since: string | null;
  action: React.ReactNode;
  /** Nobody has to do anything; it is told so that nobody wonders. */
  goesOn?: boolean;
}

const WORST_FIRST: readonly Tone[] = ['bad', 'held', 'wait', 'busy', 'ok', 'idle'];

/** Everything that waits for a person: which app, what, since when, and where it is mended. */
export function Needs({ apps }: { apps: App[] }) {
  const all = [...useCredentialNeeds(), ...useRolloutNeeds(), ...useDeletionNeeds(), ...apps.flatMap(listNeeds)];
  all.sort((a, b) => WORST_FIRST.indexOf(a.tone) - WORST_FIRST.indexOf(b.tone));
  const needs = all.filter(({ goesOn }) => !goesOn);
  const goingOn = all.filter(({ goesOn }) => goesOn);
  return (
    <Panel title={texts.needsYou}>
      {needs.length === 0 ? (
        <Empty icon={IconCircleCheck} title={texts.nothingTitle}>
          {texts.nothingBody}
        </Empty>
      ) : (
        <NeedList needs={needs} label={texts.needsYou} />
      )}
      {goingOn.length > 0 ? (
        <>
          <Title order={3} size="h5" mt="md" mb="xs">
            {texts.goesOn}
          </Title>
          <NeedList needs={goingOn} label={texts.goesOn} />
        </>
      ) : null}
    </Panel>
  );
}

function NeedList({ needs, label }: { needs: Need[]; label: string }) {
  return (
    <ul className={classes['needs']} aria-label={label}>
      {needs.map(({ key, tone, title, body, since, action }) => (
        <li key={key}>
          <Notice tone={tone} title={title} actions={action}>
            <p>
              {body}
              {since === null ? null : (
                <span className="dim">
                  {' '}
                  {texts.since} <Time at={since} focusable />.
                </span>
              )}
            </p>
          </Notice>
        </li>
      ))}
    </ul>
  );
}

const SLOWLY_MS = 60_000;
const EVERY_MS = 10_000;
const SOON_DAYS = 7;

/** Credentials that do not work, or will not much longer. */
function useCredentialNeeds(): Need[] {
  const forecasts = useQuery({ ...read('/api/v1/credentials/forecast', {}), refetchInterval: SLOWLY_MS });
  return (forecasts.data?.items ?? [])
    .filter(({ outlook }) => outlook === 'dead' || outlook === 'critical' || outlook === 'soon')
    .map(({ app, label, outlook, problem, nextStep, ends }) => ({
      key: `${app} credential ends`,
      tone: outlook === 'soon' ? 'wait' : 'bad',
      title: outlook === 'dead' ? texts.credentialDead(label) : texts.credentialEnds(label, ends[0]?.daysLeft ?? 0),
      body: sentences(problem ?? ends[0]?.why, nextStep),
      since: null,
      action: (
        <LinkButton to="/apps/$app/setup" params={{ app }} search={{ step: 'credential' }} size="xs">
          {texts.renew}
        </LinkButton>
      ),
    }));
}

const WAIT_TONES: Record<Item<'/api/v1/rollouts'>['waits'], Tone> = {
  halted: 'bad',
  approval: 'held',
  gate: 'wait',
  paused: 'wait',
  stopped: 'wait',
  soaking: 'busy',
};

/** Rollouts that stand still, wait for somebody to let them go on, or are being watched. */
function useRolloutNeeds(): Need[] {
  const rollouts = useQuery({ ...read('/api/v1/rollouts', {}), refetchInterval: EVERY_MS });
  return (rollouts.data?.items ?? []).map(({ id, app, label, waits, sentence, nextStep, since }) => ({
    key: `${app} rollout ${id}`,
    tone: WAIT_TONES[waits],
    title: texts.rollout[waits](label),
    body: sentences(sentence, nextStep),
    since,
    goesOn: waits === 'soaking',
    action: (
      <LinkButton to="/apps/$app/rollouts/$rollout" params={{ app, rollout: String(id) }} size="xs">
        {texts.openRollout}
      </LinkButton>
    ),
  }));
}

/** Accounts that will be deleted unless somebody keeps them. */
function useDeletionNeeds(): Need[] {
  const { can } = useSession();
  const days = useQuery({
    ...read('/api/v1/deletions/days', {}),
    refetchInterval: SLOWLY_MS,
    enabled: can('provisioning:read'),
  });
  return (days.data?.items ?? [])
    .filter((day) => day.days <= SOON_DAYS)
    .map((day) => ({
      key: `${day.app} deletions ${day.days}`,
      tone: 'wait',
      title: day.sentence,
      body: texts.deletionsBody,
      since: null,
      action: (
        <LinkButton to="/holds/deletions" size="xs">
          {texts.decide}
        </LinkButton>
      ),
    }));
}

function listNeeds(app: App): Need[] {
  return [...listStandstills(app), ...listTroubles(app)];
}

/** What keeps a whole app from sending. */
function listStandstills({ name, label, state, counts, quarantine, credential, createdAt }: App): Need[] {
  const needs: Need[] = [];
  const look = (text: string) => (
    <LinkButton to="/apps/$app" params={{ app: name }} size="xs">
      {text}
    </LinkButton>
  );
  if (quarantine) {
    const { message, nextStep, since } = quarantine;
    const [title, body] = [texts.quarantined(label), sentences(message, nextStep)];
    needs.push({ key: `${name} quarantine`, tone: 'bad', title, body, since, action: look(texts.look) });
  }
  if (credential && !credential.isForBaseUrl) {
    const [title, body] = [texts.credentialElsewhere(label), texts.credentialElsewhereBody];
    const action = (
      <LinkButton to="/apps/$app/setup" params={{ app: name }} search={{ step: 'credential' }} size="xs">
        {texts.renew}
      </LinkButton>
    );
    needs.push({ key: `${name} credential`, tone: 'bad', title, body, since: null, action });
  }
  if (state === 'draft') {
    const [title, body] = [texts.draft(label), texts.draftBody];
    const action = (
      <LinkButton to="/apps/$app/setup" params={{ app: name }} size="xs">
        {texts.setUp}
      </LinkButton>
    );
    needs.push({ key: `${name} draft`, tone: 'idle', title, body, since: createdAt, action });
  }
  if (state === 'paused') {
    const [title, body] = [texts.paused(label, counts.due), texts.pausedBody];
    needs.push({ key: `${name} paused`, tone: 'wait', title, body, since: null, action: look(texts.look) });
  }
  return needs;
}

/** What waits for a person, or fails, user by user. */
function listTroubles({ name, label, counts }: App): Need[] {
  const needs: Need[] = [];
  if (counts.held > 0) {
    const [title, body] = [texts.held(label, counts.held), texts.heldBody];
    const action = (
      <LinkButton to="/apps/$app/holds" params={{ app: name }} size="xs">
        {texts.decide}
      </LinkButton>
    );
    needs.push({ key: `${name} held`, tone: 'held', title, body, since: counts.heldSince, action });
  }
  const causes = (
    <LinkButton to="/apps/$app/log" params={{ app: name }} search={{ view: 'causes', state: 'Failed' }} size="xs">
      {texts.causes}
    </LinkButton>
  );
  if (counts.parked > 0) {
    const [title, body] = [texts.parked(label, counts.parked), texts.parkedBody];
    needs.push({ key: `${name} parked`, tone: 'wait', title, body, since: counts.parkedSince, action: causes });
  }
  if (counts.retrying > 0) {
    const [title, body] = [texts.retrying(label, counts.retrying), texts.retryingBody];
    const action = (
      <LinkButton to="/apps/$app/log" params={{ app: name }} search={{ state: 'Retried' }} size="xs">
        {texts.look}
      </LinkButton>
    );
    needs.push({ key: `${name} retrying`, tone: 'busy', title, body, since: null, action, goesOn: true });
  }
  return needs;
}
