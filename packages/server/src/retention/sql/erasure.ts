import { type Queryable, statement } from '../../db/index.ts';
import type { Reason } from '../../planning/index.ts';

export interface Person {
  readonly id: string;
  readonly isDeleted: boolean;
  readonly username: string;
}

const LOCK_PERSON = statement<Person>(
  'erase-lock-person',
  `select id, username, deleted_at is not null as "isDeleted" from directory_user where id = $1 for update`,
);
/* What still has to happen at a target needs what is remembered of the account. */
const UNFINISHED = statement<{ app: string; why: string }>(
  'erase-unfinished',
  `select a.name as app,
     case when l.account_state = 'active' then 'the account is active'
          when l.delete_at is not null then 'the account is to be deleted on ' || to_char(l.delete_at at time zone 'UTC', 'YYYY-MM-DD')
          else 'a change is under way' end as why
   from link_schedule s
   join connected_app a on a.id = s.app_id
   left join account_link l on l.app_id = s.app_id and l.user_id = s.user_id
   where s.user_id = $1 and (l.account_state = 'active' or l.delete_at is not null
     or (a.state <> 'draft' and s.wanted_rev <> s.done_rev) or l.standing = 'retrying')
   order by a.name`,
);
/** The values by which a person is found in what is stored of others, as they are and as they ever were. */
const IDENTIFYING = [
  'Username',
  'Email',
  'SenderEmail',
  'FederationIdentifier',
  'EmployeeNumber',
  'CommunityNickname',
  'Phone',
  'MobilePhone',
  'Fax',
  'Extension',
  'Name',
];
const VALUES = statement<{ value: string }>(
  'erase-identifying-values',
  `with record as (
     select fields || jsonb_build_object('Username', username) as fields from directory_user where id = $1
     union all
     select r.fields::jsonb from audit_event e cross join lateral (values (e.before), (e.after)) r (fields)
     where e.user_id = $1 and e.entity_kind = 'user' and json_typeof(r.fields) = 'object'
   )
   select distinct value from (
     select fields ->> name as value from record, unnest($2::text[]) name
     union all
     select concat_ws(' ', fields ->> 'FirstName', fields ->> 'LastName') from record
     where fields ? 'FirstName' and fields ? 'LastName'
     union all
     select remote_username from account_link where user_id = $1
   ) v where length(value) >= 6`,
);
const RECORD = statement<{ id: string }>(
  'erase-record',
  `insert into audit_event (at, actor_kind, actor, origin, action, entity_kind, entity_id, user_id, after, reason)
   values ($1, $2, $3, $4, 'user.erased', 'user', $5::uuid::text, $5::uuid, $6, $7) returning id::text`,
);

/*
 * What is the person's own. The row of the user stays, without anything that says who it was: accounts at targets bear its
 * id, and that this id was once somebody's must not be forgotten while they exist.
 */
const OWN: Record<string, string> = {
  user: `update directory_user set username = 'erased-' || id, fields = '{"LastName": "Erased"}', is_active = false,
     manager_id = null, deleted_at = coalesce(deleted_at, $2), updated_at = $2, revision = revision + 1 where id = $1`,
  assignments: `delete from permission_set_assignment where user_id = $1`,
  links: `update account_link set
       remote_id = case when account_state = 'active' or delete_at is not null then remote_id end,
       account_state = case when account_state in ('active', 'deleted') or delete_at is not null then account_state else 'absent' end,
       applied = case when account_state = 'active' or delete_at is not null then '{}'::json end,
       observed = null, observed_version = null, remote_username = null,
       standing = case when account_state = 'active' or delete_at is not null then 'settled' else 'waiting' end,
       reason = case when account_state = 'active' or delete_at is not null then null else $3::json end,
       request_id = null, request_created_at = null, updated_at = $2
     where user_id = $1`,
  requests: `update provisioning_request set changes = null, reason = case when reason is not null then 'Erased' end,
       next_step = null, note = null where user_id = $1`,
  logLines: `update provisioning_log set message = 'Erased', next_step = null, exchanges = null, answer = null
     where user_id = $1`,
  dismissals: `with healed as (
       update rollback_account set differences = null, detail = case when detail is not null then 'Erased' end
       where user_id = $1 and (differences is not null or detail is not null) returning 1
     ), reached as (
       update rollout_reach set observed = null where user_id = $1 and observed is not null returning 1
     ) update dismissal set changes = null, reason = 'Erased' where user_id = $1`,
  planned: `with matched as (delete from matching_item where user_id = $1),
       compared as (delete from matching_user where user_id = $1), tried as (delete from drill where user_id = $1)
     delete from population_plan_change where user_id = $1`,
  holds: `update hold set state = 'closed', reason = 'Erased', changes = null, note = null, change_hash = '',
       decided_at = coalesce(decided_at, $2) where user_id = $1`,
};
const OWN_STATEMENTS = Object.entries(OWN).map(([name, text]) => ({
  name,
  erase: statement(`erase-own-${name}`, text),
  parameters: Math.max(...[...text.matchAll(/\$(\d)/g)].map(([, number]) => Number(number))),
}));
const OWN_AUDIT = statement(
  'erase-own-audit',
  `update audit_event set before = null, after = null, reason = case when reason is not null then 'Erased' end,
     entity_id = case when entity_id ~* $3 then regexp_replace(entity_id, $3, 'erased', 'gi') else entity_id end, erasure_id = $2
   where (user_id = $1::uuid or (entity_kind = 'user' and entity_id = $1::uuid::text)) and action <> 'user.erased'`,
);

/** Text and JSON columns in which what happened to others may name the person. */
const MENTIONS: ReadonlyArray<readonly [table: string, texts: readonly string[], jsons: readonly string[]]> = [
  ['account_link', ['remote_username'], ['applied', 'observed', 'reason']],
  ['provisioning_request', ['reason', 'next_step', 'note'], ['changes']],
  ['provisioning_log', ['message', 'next_step'], ['exchanges', 'answer']],
  ['hold', ['reason', 'note'], ['changes', 'approvers']],
  ['dismissal', ['reason'], ['changes']],
  ['audit_event', ['reason', 'entity_id'], ['before', 'after']],
  ['population_plan_change', ['left_out'], ['changes', 'reason']],
  ['population_plan', ['note', 'problem'], ['collisions']],
  ['matching_item', ['account_name', 'display_name', 'email', 'explanation', 'decision_note'], []],
  ['matching_account', ['name', 'display_name', 'email'], []],
  ['matching_report', ['note', 'problem'], []],
  ['matching_resolution', ['note', 'problem'], ['filter']],
  ['matching_rule', ['note'], ['filter']],
  ['ignored_account', ['note'], []],
  ['drill_step', ['message'], ['exchanges']],
  ['rollout', ['note', 'without_rollout'], ['halt']],
  ['rollout_stage', ['override_reason'], ['overridden']],
  ['rollout_reach', [], ['observed']],
  ['rollback', ['reason'], []],
  ['rollback_account', ['detail'], ['differences']],
  ['alert', ['title', 'message', 'next_step'], ['facts']],
  ['alert_delivery', ['last_problem'], []],
  ['connected_app', [], ['quarantine_detail']],
  ['credential_health', [], ['account', 'verification', 'problem']],
  ['credential_life', ['message'], []],
];
const WITHOUT_USER = [
  'population_plan',
  'matching_account',
  'matching_report',
  'matching_resolution',
  'matching_rule',
  'ignored_account',
  'drill_step',
  'rollout',
  'rollout_stage',
  'rollback',
  'alert',
  'alert_delivery',
  'connected_app',
  'credential_health',
  'credential_life',
];
const MENTION_STATEMENTS = MENTIONS.map(([table, texts, jsons]) => {
  const sets = [
    ...texts.map((column) => `${column} = regexp_replace(${column}, $1, 'erased', 'gi')`),
    // The exchanges about another's account may hold the whole account of this person, found by a search.
    ...jsons.map((column) =>
      column === 'exchanges' || column === 'answer'
        ? `${column} = case when ${column}::text !~* $1 then ${column} end`
        : `${column} = regexp_replace(${column}::text, $1, 'erased', 'gi')::json`,
    ),
    ...(table === 'audit_event' ? ['erasure_id = $3'] : []),
  ];
  const found = [...texts, ...jsons.map((column) => `${column}::text`)].map((column) => `${column} ~* $1`);
  const others =
    table === 'audit_event' ? `action <> 'user.erased' and $3::bigint is not null` : '$3::bigint is not null';
  const who = WITHOUT_USER.includes(table) ? '$2::uuid is not null' : 'user_id is distinct from $2';
  return statement(
    `erase-mentions-${table}`,
    `update ${table} set ${sets.join(', ')} where ${who} and ${others} and (${found.join(' or ')})`,
  );
});

export function lockPerson(db: Queryable, id: string): Promise<Person | undefined> {
  return LOCK_PERSON.find(db, [id]);
}

/** Apps at which something is still to be done for the person, and what. */
export function listUnfinished(db: Queryable, id: string): Promise<{ app: string; why: string }[]> {
  return UNFINISHED.rows(db, [id]);
}

export async function listIdentifyingValues(db: Queryable, id: string): Promise<string[]> {
  return (await VALUES.rows(db, [id, IDENTIFYING])).map(({ value }) => value);
}

/** Gives the id of the row; only its own transaction may replace values in the audit. */
export async function recordErasure(
  db: Queryable,
  erasure: {
    now: Date;
    actor: { kind: string; name: string; origin?: string | undefined };
    userId: string;
    after: unknown;
    reason: string;
  },
): Promise<string> {
  const { now, actor, userId, after, reason } = erasure;
  const values = [now, actor.kind, actor.name, actor.origin ?? null, userId, JSON.stringify(after), reason];
  const row = await RECORD.find(db, values);
  if (!row) throw new Error('An insert gives its row');
  return row.id;
}

/** Erases what is the person's own; gives how many rows, by what they are. `departed` is why nothing is done for them. */
export async function eraseOwn(
  db: Queryable,
  userId: string,
  now: Date,
  departed: Reason,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const values = [userId, now, JSON.stringify(departed)];
  for (const { name, erase, parameters } of OWN_STATEMENTS) {
    counts[name] = await erase.run(db, values.slice(0, parameters));
  }
  return counts;
}

export function eraseOwnAudit(db: Queryable, userId: string, erasureId: string, pattern: string): Promise<number> {
  return OWN_AUDIT.run(db, [userId, erasureId, pattern]);
}

/* The id of an account may be its name; it is a key, so that the row goes: the next report shows the account again. */
const FORGET_IGNORED = statement(
  'erase-mentions-ignored',
  'delete from ignored_account where remote_id ~* $1 and $2::uuid is not null and $3::bigint is not null',
);

/** Replaces what matches in the rows of others; gives how many rows. */
export async function eraseMentions(
  db: Queryable,
  userId: string,
  erasureId: string,
  pattern: string,
): Promise<number> {
  let rows = 0;
  for (const each of [...MENTION_STATEMENTS, FORGET_IGNORED]) rows += await each.run(db, [pattern, userId, erasureId]);
  return rows;
}
