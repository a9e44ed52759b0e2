/** A report on which accounts of a target are whose, made before anything is written there. */
export interface MatchingReport {
  id: string;
  appId: number;
  version: number;
  connector: string;
  baseUrl: string;
  state: ReportState;
  createdAt: Date;
  createdBy: string;
  note: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Where the target's list goes on; null at its beginning, and once it is read. */
  cursor: string | null;
  pages: number;
  accounts: number;
  atUser: string | null;
  users: number;
  retryAt: Date | null;
  failures: number;
  problem: string | null;
  cancelRequested: boolean;
  counts: ReportCounts | null;
}

export type ReportState = 'waiting' | 'reading' | 'matching' | 'ready' | 'failed' | 'cancelled';

/**
 * - `matched`: the account of a user, by a link or by a matching attribute; it can be used
 * - `inactive`: the same, and it is deactivated at the target already
 * - `ambiguous`: several accounts match one user, or several users one account
 * - `duplicate`: a further account of a user who has one
 * - `orphaned`: the account of nobody here
 * - `missing`: a user who shall have an account, and none is there
 */
export const CATEGORIES = ['matched', 'ambiguous', 'missing', 'orphaned', 'inactive', 'duplicate'] as const;
export type Category = (typeof CATEGORIES)[number];

/** Whether the user of a line shall have an account. */
export const STANDINGS = ['entitled', 'out of scope', 'not assigned', 'inactive', 'deleted'] as const;
export type Standing = (typeof STANDINGS)[number];

export type Decision = 'link' | 'ignore';

export interface ReportCounts {
  byCategory: Partial<Record<Category, number>>;
  /** Accounts that can be used, of users who are inactive or deleted here. */
  leaversInside: number;
  /** Linked already when the report was made. */
  linked: number;
  byMatchedBy: Record<string, number>;
}

/** One account with whose it is, or one user without an account. */
export interface MatchingItem {
  id: number;
  category: Category;
  remoteId: string | null;
  accountName: string | null;
  displayName: string | null;
  email: string | null;
  active: boolean | null;
  userId: string | null;
  username: string | null;
  standing: Standing | null;
  matchedBy: string | null;
  linked: boolean;
  otherAccounts: string[];
  otherUsers: string[];
  explanation: string | null;
  decision: Decision | null;
  decidedAt: Date | null;
  decidedBy: string | null;
  decisionNote: string | null;
  refusal: string | null;
}

/** What lines are picked by; what is absent picks all. */
export interface ItemFilter {
  category?: Category | undefined;
  matchedBy?: string | undefined;
  standing?: Standing | undefined;
  active?: boolean | undefined;
  linked?: boolean | undefined;
  decided?: boolean | undefined;
  /** Of the account's name, display name, e-mail address or remote id, or of the user's Username; `*` stands for anything. */
  name?: string | undefined;
}

export interface MatchingRule {
  decision: Decision;
  filter: ItemFilter;
  note: string | null;
}

/** A decision for everything that a filter picks. */
export interface Resolution {
  id: string;
  reportId: string;
  decision: Decision | 'undecided';
  filter: ItemFilter;
  note: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed';
  atItem: number;
  done: number;
  refused: number;
  createdAt: Date;
  finishedAt: Date | null;
  problem: string | null;
}

/** `12,403 accounts and 9,871 users: 9,850 matched, 3 ambiguous, 21 missing, …` */
export function describeReport({
  accounts,
  users,
  counts,
}: Pick<MatchingReport, 'accounts' | 'users' | 'counts'>): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const read = `${number(accounts)} ${accounts === 1 ? 'account' : 'accounts'} and ${number(users)} ${users === 1 ? 'user' : 'users'}`;
  if (!counts) return read;
  const parts = CATEGORIES.flatMap((category) => {
    const count = counts.byCategory[category] ?? 0;
    const word = category === 'inactive' ? 'inactive already' : category;
    return count === 0 ? [] : [`${number(count)} ${count === 1 || category !== 'duplicate' ? word : 'duplicates'}`];
  });
  return `${read}: ${parts.length === 0 ? 'nobody' : parts.join(', ')}`;
}
