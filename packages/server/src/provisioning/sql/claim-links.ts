import { arrayLiteral } from '../../db/array-literal.ts';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** A link that is due, with the revision that its outcome may settle. */
export interface DueLink {
  userId: string;
  wantedRev: number;
  urgency: 0 | 1 | 2;
  attempts: number;
  readFirst: boolean;
  dueAt: Date;
}

export interface Claim {
  links: DueLink[];
  /** Of the app's row at this moment: another one than the pump's means that its configuration is out of date. */
  appRevision: number;
}

/*
 * One index range a lane, so that neither another app's backlog nor links that wait for later cost anything. Nothing is
 * written: the lease makes this pump the only one, and $4 holds what it has in hand. The urgent lanes leave out less: a link
 * that became urgent while it waited its turn in hand is claimed again ($5). NOT IN over a subquery is hashed whatever plan is
 * chosen; `<> all` of a parameter is searched from end to end for each row.
 */
const LANE = (urgency: number) => `
  (select user_id, wanted_rev, urgency, attempts, read_first, next_due_at
   from link_schedule
   where app_id = $1 and urgency = ${urgency} and next_due_at <= $2 and user_id not in (select unnest($${urgency === 2 ? 4 : 5}::uuid[]))
   order by next_due_at limit $3)`;

interface Row {
  user_id: string;
  wanted_rev: number;
  urgency: 0 | 1 | 2;
  attempts: number;
  read_first: boolean;
  /** A number rather than a timestamp: a claim has hundreds of them to read. */
  due_ms: number;
  revision: number;
}

const SELECT = (lanes: string) => `
  select d.user_id, d.wanted_rev, d.urgency, d.attempts, d.read_first,
    extract(epoch from d.next_due_at)::float8 * 1000 as due_ms, a.revision
  from connected_app a
  left join (select * from (${lanes}) l order by urgency limit $3) d on true
  where a.id = $1`;

const CLAIM = statement<Row>('claim-links', SELECT([0, 1, 2].map(LANE).join(' union all ')));
const CLAIM_URGENT = statement<Row>(
  'claim-links-urgent',
  SELECT([0, 1].map(LANE).join(' union all ')).replace('where a.id = $1', 'where a.id = $1 and $4::uuid[] is not null'),
);

/** Due links in the order of their urgency, none of those in hand. `urgentOnly` leaves the ordinary lane alone. */
export async function claimLinks(
  db: Queryable,
  claim: { appId: number; now: Date; limit: number; inHand: string[]; busy: string[]; urgentOnly: boolean },
): Promise<Claim> {
  const rows = await (claim.urgentOnly ? CLAIM_URGENT : CLAIM).rows(db, [
    claim.appId,
    claim.now,
    claim.limit,
    arrayLiteral(claim.inHand),
    arrayLiteral(claim.busy),
  ]);
  const links = rows
    .filter((row) => row.user_id !== null)
    .map((row) => ({
      userId: row.user_id,
      wantedRev: Number(row.wanted_rev),
      urgency: row.urgency,
      attempts: row.attempts,
      readFirst: row.read_first,
      dueAt: new Date(row.due_ms),
    }));
  return { links, appRevision: Number(rows[0]?.revision ?? -1) };
}

const RECALL = statement(
  'recall-links',
  'update link_schedule set next_due_at = $2 where app_id = $1 and wanted_rev <> done_rev and next_due_at > $3',
);

/** Makes due now what is unfinished and due later than `after`. Gives how many links. */
export async function recallLinks(db: Queryable, recall: { appId: number; now: Date; after: Date }): Promise<number> {
  return await RECALL.run(db, [recall.appId, recall.now, recall.after]);
}

const NEXT_DUE = statement<{ next_due_at: Date | null }>(
  'next-due',
  `select min(next_due_at) as next_due_at from (
     select min(next_due_at) as next_due_at from link_schedule where app_id = $1 and urgency = 0 and next_due_at is not null
     union all select min(next_due_at) from link_schedule where app_id = $1 and urgency = 1 and next_due_at is not null
     union all select min(next_due_at) from link_schedule where app_id = $1 and urgency = 2 and next_due_at is not null) d`,
);

/** When the app has its next work, if any. */
export async function findNextDue(db: Queryable, appId: number): Promise<Date | null> {
  return (await NEXT_DUE.find(db, [appId]))?.next_due_at ?? null;
}
