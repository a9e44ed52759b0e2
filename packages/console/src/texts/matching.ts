import { byCount, counted, number } from './format.ts';

/** Which lines of a report a decision picks. */
interface LineFilter {
  category?: string | undefined;
  standing?: string | undefined;
  matchedBy?: string | undefined;
  active?: boolean | undefined;
  linked?: boolean | undefined;
  name?: string | undefined;
}

const CATEGORY_WORDS: Record<string, string> = {
  matched: 'matched',
  inactive: 'matched, deactivated',
  ambiguous: 'ambiguous',
  duplicate: 'duplicate',
  orphaned: 'orphaned',
  missing: 'missing',
};
const STANDING_WORDS: Record<string, string> = {
  entitled: 'the user shall have an account',
  'out of scope': 'the user is outside the scoping filter',
  'not assigned': 'the user is not assigned',
  inactive: 'the user is inactive',
  deleted: 'the user is deleted',
};

/** "Ignores orphaned accounts if the name, e-mail address or id fits “svc-*”." */
function decisionSentence(
  decision: string,
  { category, standing, matchedBy, active, linked, name }: LineFilter,
): string {
  const conditions = [
    standing === undefined ? '' : (STANDING_WORDS[standing] ?? standing),
    matchedBy === undefined ? '' : `${matchedBy} found it`,
    active === undefined ? '' : `the account is ${active ? 'active' : 'deactivated'} at the target`,
    linked === undefined ? '' : `it is ${linked ? '' : 'not '}linked`,
    name === undefined ? '' : `the name, e-mail address or id fits “${name}”`,
  ].filter((part) => part !== '');
  const which = category === undefined ? '' : `${CATEGORY_WORDS[category] ?? category} `;
  const what = decision === 'link' ? `Links ${which}accounts with their users` : `Ignores ${which}accounts`;
  return `${what}${conditions.length === 0 ? '' : ` if ${conditions.join(', and ')}`}.`;
}

export const matchingTexts = {
  attributes: {
    title: 'How accounts are found',
    lead: 'The attributes by which the account of a user is searched at the target, in this order.',
    order: 'Matching attributes, in their order',
    add: 'Add an attribute',
    addHint: 'Those that the mapping gives a value.',
    noMore: 'Every attribute of the mapping is here.',
    from: (formula: string) => `from ${formula}`,
    sentence: (paths: readonly string[]) =>
      paths.length === 0
        ? 'Nothing is searched by: name an attribute.'
        : `Usher searches an account by ${paths[0]}${paths
            .slice(1)
            .map((path) => `; where that finds none, by ${path}`)
            .join('')}. The first that finds anything decides, and two accounts that fit park their user.`,
    adoption: 'What becomes of an account that is found',
    adoptions: {
      'link and update': 'Link and update it',
      'link only': 'Link it, and leave its values',
      park: 'Ask a person: park the user',
    } as Record<string, string>,
    save: 'Save as a new version',
    saved: (version: number, inForce: boolean) =>
      `Saved as version ${version}${inForce ? '' : '; a rollout brings it to people'}`,
    note: 'How accounts are found',
    version: (version: number, inForce: boolean) => `Version ${version}${inForce ? ', in force' : ''}`,
    meanwhile: (version: number, author: string) =>
      `${author} saved version ${version} meanwhile. Look at it, and make your change on it.`,
    takeNewest: (version: number) => `Go on from version ${version}`,
    needsMapping: 'They are kept with the mapping: save that first.',
    toMapping: 'To the mapping',
    allWell: 'Nothing speaks against these.',
    problems: 'They cannot be saved so',
    warnings: 'To be known',
    leastOne: 'At least one stays: without any, nobody’s account would be found.',
  },
  rules: {
    title: 'Decisions made by themselves',
    lead: 'On each report that becomes ready, in this order; the first that picks a line decides it. Nothing is written to the target by it.',
    order: 'Decisions, in their order',
    none: 'A person decides every line.',
    add: 'Add a decision',
    addVerb: 'Add 1 decision',
    added: 'Added; carried out on the next report',
    sentence: decisionSentence,
    decision: 'What is decided',
    decisions: { ignore: 'Ignore the account', link: 'Link it with its user' } as Record<string, string>,
    category: 'Class of the line',
    anyCategory: 'Any class',
    standing: 'The user',
    matchedBy: 'Found by',
    anyAttribute: 'Any attribute',
    active: 'At the target',
    actives: { '': 'Active or not', true: 'Active', false: 'Deactivated' } as Record<string, string>,
    name: 'Name, e-mail address or id',
    nameHint: '* stands for anything: svc-*',
    note: 'Why',
    preview: 'What it will do',
    unbounded: 'It picks every line: name at least one condition.',
    /** What a decision meets with lines of a class. */
    refused: {
      'ignore matched': 'Accounts that match a user cannot be ignored, since provisioning that user adopts them.',
      'ignore inactive': 'Accounts that match a user cannot be ignored, since provisioning that user adopts them.',
      'ignore ambiguous': 'Ambiguous lines that match a user are refused: a person decides them.',
      'ignore missing': 'There is no account to ignore.',
      'link ambiguous': 'Whose an ambiguous account is, only a person can say: such lines are refused.',
      'link orphaned': 'An orphaned account has no user to link it with: each such line is refused.',
      'link missing': 'There is no account to link: each such line is refused.',
      'link duplicate': 'The user has an account already: each such line is refused.',
    } as Record<string, string>,
    takesAway:
      'Who shall have no account loses the one that is linked, once the app works, through the guards and the deprovisioning policy.',
    show: 'What it picks in the latest report',
    removeTitle: 'Take this decision away?',
    removeEffect: (sentence: string) =>
      `1 decision is no longer made by itself: “${sentence}” What it decided before stays; take that back line by line.`,
    removeVerb: 'Take 1 decision away',
    removed: 'Taken away',
  },
  title: 'Matching reports',
  lead: 'Whose the accounts of the target are, before anything is written there. It only reads.',
  make: 'Make a report',
  needsMapping: 'Save a mapping first',
  made: 'The report began',
  none: 'No report was made yet',
  noneBody:
    'A report reads every account of the target and compares it with the users: who has one, who has two, and who is a leaver who is still inside.',
  all: 'All reports',
  columns: { at: 'Made', headline: 'What it found', state: 'State', by: 'By', version: 'Version' },
  progress: (accounts: number, users: number) =>
    `${counted(accounts, 'account', 'accounts')} read, ${counted(users, 'user', 'users')} compared. Leave this page; it goes on.`,
  retryAt: 'The target failed; it is asked again',
  notCurrent: 'The app is at another target or configuration by now: make another report before you decide.',
  cancel: 'Stop reading',
  cancelled: 'Stopped; what was read is kept',
  resume: 'Go on reading',
  resumed: 'It goes on',
  leavers: (count: number) =>
    `${counted(count, 'account', 'accounts')} that can be used ${byCount(count, 'belongs', 'belong')} to users who left.`,
  leaversShow: 'Show them',
  linked: (count: number) => `${counted(count, 'account was', 'accounts were')} linked already.`,
  categories: {
    matched: 'Matched',
    inactive: 'Inactive already',
    ambiguous: 'Ambiguous',
    duplicate: 'Duplicate',
    orphaned: 'Orphaned',
    missing: 'Missing',
  } as Record<string, string>,
  hints: {
    matched: 'One account, one user.',
    inactive: 'The account is inactive already.',
    ambiguous: 'More than one user or account fits: a person decides.',
    duplicate: 'The user has another account that fits better.',
    orphaned: 'Nobody in the directory fits.',
    missing: 'The user should have an account and has none.',
  } as Record<string, string>,
  standings: {
    entitled: 'Shall have an account',
    'out of scope': 'Outside the scoping filter',
    'not assigned': 'Not assigned',
    inactive: 'Inactive user',
    deleted: 'Deleted user',
  } as Record<string, string>,
  anyStanding: 'Any user',
  standingLabel: 'The user',
  decided: { '': 'Decided or not', true: 'Decided', false: 'Not decided' } as Record<string, string>,
  decidedLabel: 'Decision',
  filter: 'Name, e-mail address or id',
  itemColumns: { account: 'Account', user: 'User', category: 'Class', matched: 'Matched by', decision: 'Decision' },
  active: 'active',
  inactive: 'inactive',
  noAccount: 'no account',
  noUser: 'nobody',
  decisions: { link: 'Link', ignore: 'Ignored' } as Record<string, string>,
  isLinked: 'Linked',
  decide: 'Decide',
  link: 'Link',
  ignore: 'Ignore',
  undecide: 'Take the decision back',
  resolveTitle: (account: string) => `Whose is ${account}?`,
  resolveLead: 'Linking makes the account the user’s from now on. Nothing is written to the target by it.',
  whose: 'Whose it is',
  linkVerb: 'Link 1 account',
  ignoreVerb: 'Ignore 1 account',
  undecideVerb: 'Take 1 decision back',
  decidedDone: 'Decided',
  others: 'Others that fit',
  bulkLink: 'Link all of these',
  bulkIgnore: 'Ignore all of these',
  bulkTitle: (verb: string) => `${verb}?`,
  bulkEffect: (count: number | undefined, what: string) =>
    `${count === undefined ? 'Every line' : counted(count, 'line', 'lines')} that this filter picks: ${what}. Nothing is written to the target by it, and what cannot be decided so says why.`,
  bulkLinkVerb: (count: number | undefined) => (count === undefined ? 'Link them' : `Link ${number(count)}`),
  bulkIgnoreVerb: (count: number | undefined) => (count === undefined ? 'Ignore them' : `Ignore ${number(count)}`),
  bulkBegan: 'It is carried out; its progress is shown below',
  resolutions: 'Decisions by filter',
  resolution: (decision: string, done: number, refused: number) =>
    `${decision}: ${number(done)} decided${refused > 0 ? `, ${number(refused)} refused` : ''}`,
  noItems: 'No line fits these filters.',
  everything: 'all lines',
};
