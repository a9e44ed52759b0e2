import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockHour4,
  IconHandStop,
  IconLoader,
  IconMinus,
  IconPlayerPause,
} from '@tabler/icons-react';
import {
  appStates,
  drillStates,
  holdStates,
  linkStates,
  planStates,
  reportStates,
  requestStates,
  rolloutStates,
  standings,
} from '../texts/states.ts';

/** What a state means to the person who looks. */
export type Tone = 'ok' | 'busy' | 'wait' | 'bad' | 'held' | 'idle';

export const TONE_ICONS = {
  ok: IconCircleCheck,
  busy: IconLoader,
  wait: IconClockHour4,
  bad: IconCircleX,
  held: IconHandStop,
  idle: IconMinus,
} as const;

interface Look {
  readonly tone: Tone;
  readonly label: string;
  readonly icon?: typeof IconMinus;
}

const link: Record<keyof typeof linkStates, Tone> = {
  'has account': 'ok',
  'no account': 'idle',
  'account deactivated': 'idle',
  'account deleted': 'idle',
  'not assigned': 'idle',
  'in progress': 'busy',
  retrying: 'wait',
  waiting: 'wait',
  parked: 'bad',
  held: 'held',
  'app draft': 'idle',
  'app paused': 'wait',
  'app quarantined': 'bad',
  'app rate limited': 'wait',
};
const app: Record<keyof typeof appStates, Tone> = {
  draft: 'idle',
  active: 'ok',
  paused: 'wait',
  quarantined: 'bad',
  'rate limited': 'wait',
};
const request: Record<keyof typeof requestStates, Tone> = {
  New: 'busy',
  Requested: 'busy',
  Completed: 'ok',
  Failed: 'bad',
  Retried: 'wait',
  'Manually Completed': 'ok',
};
const hold: Record<keyof typeof holdStates, Tone> = { open: 'held', released: 'ok', rejected: 'bad', closed: 'idle' };
const plan: Record<keyof typeof planStates, Tone> = {
  waiting: 'wait',
  running: 'busy',
  ready: 'ok',
  failed: 'bad',
  cancelled: 'idle',
  applying: 'busy',
  applied: 'ok',
};

const rollout: Record<keyof typeof rolloutStates, Tone> = {
  planned: 'idle',
  running: 'busy',
  paused: 'wait',
  halted: 'bad',
  stopped: 'idle',
  completed: 'ok',
  'rolled back': 'wait',
  superseded: 'idle',
};
const drill: Record<keyof typeof drillStates, Tone> = {
  waiting: 'wait',
  running: 'busy',
  passed: 'ok',
  failed: 'bad',
  cancelled: 'idle',
  skipped: 'idle',
};
const report: Record<keyof typeof reportStates, Tone> = {
  waiting: 'wait',
  reading: 'busy',
  matching: 'busy',
  ready: 'ok',
  failed: 'bad',
  cancelled: 'idle',
};

const ICONS: Record<string, typeof IconMinus> = {
  draft: IconCircleDashed,
  'app draft': IconCircleDashed,
  paused: IconPlayerPause,
  'app paused': IconPlayerPause,
  quarantined: IconAlertTriangle,
  'app quarantined': IconAlertTriangle,
};

const standing: Record<keyof typeof standings, Tone> = {
  'has account': 'ok',
  'being created': 'busy',
  'waiting for stage': 'wait',
  'not assigned': 'idle',
  held: 'held',
  failed: 'bad',
  parked: 'bad',
  'app paused': 'wait',
};

const FAMILIES = {
  standing: [standing, standings],
  link: [link, linkStates],
  app: [app, appStates],
  request: [request, requestStates],
  hold: [hold, holdStates],
  plan: [plan, planStates],
  rollout: [rollout, rolloutStates],
  drill: [drill, drillStates],
  report: [report, reportStates],
} as const;

/** How a state looks; one that this console does not know yet is shown by its name. */
export function lookOf(family: keyof typeof FAMILIES, state: string): Look {
  const [tones, labels] = FAMILIES[family] as unknown as readonly [Record<string, Tone>, Record<string, string>];
  const icon = ICONS[state];
  return { tone: tones[state] ?? 'idle', label: labels[state] ?? state, ...(icon ? { icon } : {}) };
}

/** The state of an app as people speak of it: what stops it goes before what it was told. */
export function stateOfApp(found: {
  state: 'draft' | 'active' | 'paused';
  quarantine: unknown;
  stoppedUntil: string | null;
}): keyof typeof appStates {
  if (found.state !== 'active') return found.state;
  if (found.quarantine) return 'quarantined';
  return found.stoppedUntil !== null && new Date(found.stoppedUntil) > new Date() ? 'rate limited' : 'active';
}
