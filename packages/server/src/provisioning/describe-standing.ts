import type { Explanation, LinkSituation } from './explain-link.ts';

/** What the help desk is asked, in one of eight words. */
export const STANDINGS = [
  'has account',
  'being created',
  'waiting for stage',
  'not assigned',
  'held',
  'failed',
  'parked',
  'app paused',
] as const;
export type StandingState = (typeof STANDINGS)[number];

export interface Standing {
  readonly state: StandingState;
  /** For whoever is asked. */
  readonly sentence: string;
  /** For whoever asks: what to say to them, without anything that is not theirs to know. */
  readonly sayToCaller: string;
}

/** Where a user stands at an app, for the help desk. Pure. */
export function describeStanding(situation: LinkSituation, explained: Explanation, label: string): Standing {
  const state = stateOf(situation, explained);
  const { link } = situation;
  const hasAccount = link?.accountState === 'active';
  const more = hasAccount && state !== 'has account' && state !== 'not assigned' ? 'An account is there. ' : '';
  const sentence = hasAccount && state === 'has account' ? accountSentence(situation, explained) : explained.sentence;
  return { state, sentence: `${more}${endSentence(sentence)}`, sayToCaller: SAY[state](label, situation, explained) };
}

function stateOf({ link }: LinkSituation, { state, reason }: Explanation): StandingState {
  const hasAccount = link?.accountState === 'active';
  switch (state) {
    case 'held':
    case 'parked':
    case 'has account':
    case 'not assigned':
      return state;
    case 'account deactivated':
    case 'account deleted':
      return 'not assigned';
    case 'retrying':
      return 'failed';
    case 'in progress':
    case 'no account':
      return hasAccount ? 'has account' : 'being created';
    case 'app draft':
      return 'waiting for stage';
    case 'app paused':
    case 'app quarantined':
    case 'app rate limited':
      return hasAccount ? 'has account' : 'app paused';
    case 'waiting':
      return waitingFor(reason?.code ?? '', hasAccount);
    default:
      // A state that the rollout brings: its turn has not come.
      return hasAccount ? 'has account' : 'waiting for stage';
  }
}

const DEPARTED = /^(?:not_assigned|user_inactive|user_deleted|deletion_pending|left_in_place|deactivate_off)$/;
const SWITCHED_OFF = /_off$/;

function waitingFor(code: string, hasAccount: boolean): StandingState {
  if (DEPARTED.test(code)) return 'not assigned';
  if (hasAccount) return 'has account';
  return SWITCHED_OFF.test(code) ? 'app paused' : 'waiting for stage';
}

function accountSentence({ link, app }: LinkSituation, { state, sentence }: Explanation): string {
  if (state === 'has account') return sentence;
  const name = link?.remoteUsername ?? link?.remoteId;
  // A name is written as it is.
  const why = sentence.startsWith(app.name) ? sentence : `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
  return `The account ${name} is there, and a change to it waits: ${why}`;
}

function endSentence(text: string): string {
  return /[.!?)…]$/.test(text) ? text : `${text}.`;
}

const SAY: Record<StandingState, (label: string, situation: LinkSituation, explained: Explanation) => string> = {
  'has account': (label, { link }) =>
    `You have an account at ${label}${link?.remoteUsername ? `; your user name there is ${link.remoteUsername}` : ''}. ` +
    'If you cannot sign in, the trouble is with signing in and not with the account.',
  'being created': (label) => `Your account at ${label} is being created now. There is nothing for you to do.`,
  'waiting for stage': (label) =>
    `${label} is being introduced step by step, and your turn has not come yet. You get your account without asking for it.`,
  'not assigned': (label, { user }) =>
    user.isActive && !user.isDeleted
      ? `You are not set up to have an account at ${label}. If you need one, ask whoever grants access in your department.`
      : `Your record is not active, so you have no account at ${label}. If that is wrong, ask the people who keep your record.`,
  held: (label) =>
    `The change to your account at ${label} waits for one of us to confirm it. There is nothing for you to do.`,
  failed: (label, _situation, { nextAttemptAt }) =>
    `${label} did not take the last change to your account. We try again by ourselves${nextAttemptAt ? ' shortly' : ''}; there is nothing for you to do.`,
  parked: (label) =>
    `Something has to be corrected here before your account at ${label} can go on. Those who can do it are told of it.`,
  'app paused': (label) =>
    `Work on accounts at ${label} is paused at the moment. Yours goes on by itself afterwards, and nothing is lost.`,
};
