import { byCount, counted, number } from './format.ts';

/** Why a guard holds, as a group is named. */
const GUARDS: Record<string, string> = {
  'deactivation threshold': 'Deactivation threshold',
  'unlinked account': 'Unlinked account still active',
  'slow bleed': 'Slow bleed',
  'protected user': 'Protected user',
  approval: 'Needs approval',
};

export function guardText(guard: string): string {
  return GUARDS[guard] ?? `${guard.charAt(0).toUpperCase()}${guard.slice(1)}`;
}

export const holdTexts = {
  title: 'Holds',
  lead: 'Changes that a guard stopped. They wait for a person; what is held is not sent.',
  groups: 'By cause',
  groupName: (guard: string, cause: string, plain: string) =>
    cause === plain || !cause.startsWith(`${plain}: `) ? guard : `${guard}: ${cause.slice(plain.length + 2)}`,
  oldest: 'The oldest waits since',
  refused: (count: number, who: string) =>
    `${counted(count, 'hold stays', 'holds stay')} open: ${who} must agree to them.`,
  approvers: 'Who must agree',
  approversManager: 'the user’s manager',
  everything: 'Everything',
  states: { open: 'Open', released: 'Released', rejected: 'Rejected', closed: 'Closed by themselves', all: 'All' },
  stateLabel: 'State',
  appLabel: 'App',
  anyApp: 'Any app',
  columns: { user: 'User', app: 'App', change: 'Change', guard: 'Cause', opened: 'Held since', state: 'State' },
  emptyTitle: 'No holds',
  emptyBody: 'Nothing waits for a person. Each app’s settings say beyond which number of deactivations a guard holds.',
  emptyFiltered: 'No hold fits these filters.',
  release: 'Release',
  reject: 'Reject',
  snooze: 'Snooze',
  snoozeTitle: (count: number) => `Snooze ${counted(count, 'hold', 'holds')}?`,
  snoozeEffect: (count: number) =>
    `${counted(count, 'hold stays', 'holds stay')} open, and nobody is reminded for a while. Leavers keep access until somebody decides.`,
  snoozeFor: 'For',
  snoozeVerb: (count: number) => `Snooze ${counted(count, 'hold', 'holds')}`,
  snoozed: (count: number) => `Snoozed ${counted(count, 'hold', 'holds')}`,
  remindAt: 'Reminded again',
  releaseTitle: (count: number) => `Release ${counted(count, 'hold', 'holds')}?`,
  rejectTitle: (count: number) => `Reject ${counted(count, 'hold', 'holds')}?`,
  releaseEffect: (count: number, what: string) =>
    `${what}. ${byCount(count, 'The change is', 'The changes are')} planned anew and sent only if still the same.`,
  rejectEffect: (count: number) =>
    `${counted(count, 'change is', 'changes are')} not sent, and ${byCount(count, 'the account stays', 'the accounts stay')} as at present until another change takes the place. Leavers keep access.`,
  releaseVerb: (what: string) => `Release and ${what}`,
  rejectVerb: (count: number) => `Reject ${counted(count, 'change', 'changes')}`,
  effects: (parts: readonly [string, number][]) =>
    parts
      .map(([operation, count]) => {
        const things = counted(count, 'account is', 'accounts are');
        const verbs: Record<string, string> = {
          deactivate: 'deactivated',
          delete: 'deleted',
          create: 'created',
          update: 'updated',
          reactivate: 'reactivated',
        };
        return `${things} ${verbs[operation] ?? operation}`;
      })
      .join(', '),
  doing: (operation: string, count: number) => {
    const verbs: Record<string, string> = {
      deactivate: 'deactivate',
      delete: 'delete',
      create: 'create',
      update: 'update',
      reactivate: 'reactivate',
    };
    return `${verbs[operation] ?? operation} ${counted(count, 'account', 'accounts')}`;
  },
  released: (count: number) => `Released ${counted(count, 'hold', 'holds')}`,
  rejected: (count: number) => `Rejected ${counted(count, 'hold', 'holds')}`,
  chosen: (count: number) => `${number(count)} chosen`,
  partly: (done: number, all: number) => `${number(done)} of ${number(all)} decided so far`,
  group: (count: number) => `All ${counted(count, 'hold', 'holds')} of this cause`,
  decided: 'Decided',
  by: 'By',
  reason: 'Why',
  note: 'Note',
  keys: 'Keys: j and k walk, x chooses, r releases, e rejects and s snoozes what is chosen, or else the one that you are at.',
  guardHint: 'The guard’s limit is set in the app’s settings.',
  toSettings: 'Look at the limit',
  alert: 'A deactivation is held: until it is decided, the person keeps access.',
};
