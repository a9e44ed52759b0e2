import { byCount, counted } from './format.ts';

export const credentialTexts = {
  title: 'Credentials',
  lead: 'With what each app gets into its target, what breaks first at the top.',
  columns: {
    app: 'App',
    outlook: 'Outlook',
    kind: 'Kind',
    age: 'Entered',
    ends: 'Ends',
    used: 'Last used',
    next: 'What to do',
  },
  outlooks: {
    dead: 'Does not work',
    critical: 'Ends very soon',
    soon: 'Ends soon',
    later: 'Ends later',
    'kept alive': 'Kept alive',
    'no end known': 'No end known',
    missing: 'None',
  } as Record<string, string>,
  kinds: {
    bearer: 'Bearer token',
    basic: 'User name and password',
    header: 'Own header',
    certificate: 'Client certificate',
    oauth: 'OAuth',
  } as Record<string, string>,
  days: (days: number) => (days < 0 ? 'over' : days === 0 ? 'today' : `in ${counted(days, 'day', 'days')}`),
  noEnd: 'not known',
  never: 'never',
  nothing: 'Nothing',
  missing: 'No credential was entered yet.',
  renew: 'Renew it',
  enter: 'Enter one',
  emptyTitle: 'No app is connected yet',
  emptyBody: 'Every app that is connected is listed here with its credential.',
  needs: (count: number) =>
    `${counted(count, 'credential', 'credentials')} ${byCount(count, 'needs', 'need')} a person now.`,
  allWell: 'No credential needs a person now.',
};
