import type { Attributes, AttributeValue } from '@usher/connector-sdk';
import { arrayLiteral } from '../../db/array-literal.ts';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { SourceNeeds, SourceRecord } from '../../mapping/index.ts';
import type { AccountState, EntitlementFacts, LinkFacts } from '../../planning/index.ts';

/** What can be left undone for good, until the user leaves or returns. */
export type Dismissed = 'create' | 'deactivate' | 'reactivate' | 'delete';

/** Everything that planning one link needs, read in one statement. */
export interface LoadedLink {
  userId: string;
  record: SourceRecord;
  entitlement: EntitlementFacts;
  link: LinkFacts & {
    version: number | null;
    observedVersion: string | null;
    remoteUsername: string | null;
    standing: string;
    reasonCode: string | null;
    linkedAt: Date | null;
    /** What is remembered may be older than the target, as after a restore. */
    unverified: boolean;
    /** The operation that a person decided not to have. */
    dismissed?: Dismissed | null | undefined;
  };
  /** The unfinished request that the next attempt continues. */
  openRequest: { id: string; createdAt: Date } | null;
  hold: {
    id: number;
    state: 'open' | 'released' | 'rejected';
    hash: string;
    guard: string;
    /** The guards that people let it through before this one. */
    passed: string[];
  } | null;
  /** The rollout has reached the user. Only where the rollout was asked for. */
  isReached?: boolean | undefined;
  /** The account as it was read before a version that was rolled back wrote to it. */
  before?: Record<string, AttributeValue> | null | undefined;
}

interface Row {
  user_id: string;
  username: string;
  is_active: boolean;
  deleted: boolean;
  fields: Record<string, unknown>;
  profile: string;
  is_assigned: boolean;
  next_expiry_at: Date | null;
  manager_id: string | null;
  manager_username: string | null;
  manager_is_active: boolean | null;
  manager_fields: Record<string, unknown> | null;
  manager_remote_id: string | null;
  permission_sets: string[] | null;
  permission_set_groups: string[] | null;
  remote_id: string | null;
  account_state: AccountState | null;
  version: number | null;
  applied: Attributes | null;
  observed_version: string | null;
  remote_username: string | null;
  standing: string | null;
  reason_code: string | null;
  linked_at: Date | null;
  unverified: boolean | null;
  delete_at: Date | null;
  recreated_at: Date | null;
  request_id: string | null;
  request_created_at: Date | null;
  hold_id: number | null;
  hold_state: 'open' | 'released' | 'rejected' | null;
  hold_hash: string | null;
  hold_guard: string | null;
  hold_passed: string[] | null;
  dismissed: Dismissed | null;
  is_reached: boolean;
  before: Record<string, AttributeValue> | null;
}

const MANAGER_COLUMNS = `m.username as manager_username, m.is_active as manager_is_active, m.fields as manager_fields,
  ml.remote_id as manager_remote_id`;
const MANAGER_JOIN = `
  left join directory_user m on m.id = u.manager_id and m.deleted_at is null
  left join account_link ml on ml.app_id = $1 and ml.user_id = u.manager_id and ml.account_state <> 'deleted'`;
const ENTITLEMENT_COLUMNS = 'e.permission_sets, e.permission_set_groups';
const ENTITLEMENT_JOIN = `
  left join lateral (
    select array_agg(distinct s.name order by s.name) filter (where s.name is not null) as permission_sets,
           array_agg(distinct g.name order by g.name) filter (where g.name is not null) as permission_set_groups
    from permission_set_assignment a
    left join permission_set_group g on g.id = a.permission_set_group_id
    left join permission_set_group_component c on c.permission_set_group_id = g.id
    left join permission_set s on s.id = coalesce(a.permission_set_id, c.permission_set_id)
    where a.user_id = u.id and (a.expires_at is null or a.expires_at > $3)
  ) e on true`;

const ROLLOUT_COLUMNS = `exists (
      select from rollout_reach rr where rr.rollout_id = $4 and rr.user_id = u.id and rr.undone_at is null) as is_reached,
    ob.observed as before`;
const ROLLOUT_JOIN = 'left join rollout_reach ob on ob.rollout_id = $5 and ob.user_id = u.id';

/** What grants the app, found once a statement: few rows, while the users are many. */
const GRANTING = (column: string) =>
  `array(select aa.${column} from app_assignment aa where aa.app_id = $1 and aa.${column} is not null)`;
const GRANTING_GROUPS = `array(
  select aa.permission_set_group_id from app_assignment aa where aa.app_id = $1 and aa.permission_set_group_id is not null
  union
  select c.permission_set_group_id from app_assignment aa
  join permission_set_group_component c on c.permission_set_id = aa.permission_set_id where aa.app_id = $1)`;

/*
 * The grants come from the base tables, not from the view: unnest and the lateral join keep every access an index look-up
 * by user, whatever the statistics say.
 */
const LOAD = (needs: SourceNeeds & { rollout: boolean }) => `
  select u.id as user_id, u.username, u.is_active, u.deleted_at is not null as deleted, u.fields, p.name as profile,
    u.manager_id, u.profile_id = any (${GRANTING('profile_id')}) or gr.grants > 0 as is_assigned, gr.next_expiry_at,
    ${needs.manager ? MANAGER_COLUMNS : 'null as manager_username'},
    ${needs.entitlements ? ENTITLEMENT_COLUMNS : 'null as permission_sets'},
    l.remote_id, l.account_state, l.version, l.applied, l.observed_version, l.remote_username, l.standing,
    l.reason ->> 'code' as reason_code, l.linked_at, l.unverified, l.delete_at, l.recreated_at, l.request_id, l.request_created_at,
    h.id as hold_id, h.state as hold_state, h.change_hash as hold_hash, h.guard as hold_guard, h.passed as hold_passed,
    l.dismissed, ${needs.rollout ? ROLLOUT_COLUMNS : 'false as is_reached, null::json as before'}
  from unnest($2::uuid[]) d (user_id)
  join directory_user u on u.id = d.user_id
  join profile p on p.id = u.profile_id
  left join account_link l on l.app_id = $1 and l.user_id = u.id
  left join hold h on h.app_id = $1 and h.user_id = u.id and h.state in ('open', 'released', 'rejected')
  left join lateral (
    select count(*) as grants, min(a.expires_at) as next_expiry_at
    from permission_set_assignment a
    where a.user_id = u.id and (a.expires_at is null or a.expires_at > $3)
      and (a.permission_set_id = any (${GRANTING('permission_set_id')})
        or a.permission_set_group_id = any (${GRANTING_GROUPS}))
  ) gr on true
  ${needs.manager ? MANAGER_JOIN : ''}
  ${needs.entitlements ? ENTITLEMENT_JOIN : ''}
  ${needs.rollout ? ROLLOUT_JOIN : ''}`;

const BOTH = [false, true];
const VARIANTS = BOTH.flatMap((rollout) =>
  BOTH.flatMap((entitlements) => BOTH.map((manager) => ({ manager, entitlements, rollout }))),
).map((needs) => {
  const name = [needs.manager, needs.entitlements, needs.rollout].map(Number).join('');
  return { needs, statement: statement<Row>(`load-links-${name}`, LOAD(needs)) };
});

/** The present state of these links. Read after the claim, so that it is never older than the claimed revision. */
export async function loadLinks(
  db: Queryable,
  request: {
    appId: number;
    userIds: string[];
    now: Date;
    needs: SourceNeeds;
    /** Tells whom this rollout has reached. */
    rolloutId?: number | undefined;
    /** Brings the accounts as they were before this rollout. */
    healingId?: number | undefined;
  },
): Promise<LoadedLink[]> {
  const { needs, rolloutId, healingId } = request;
  const rollout = rolloutId !== undefined || healingId !== undefined;
  const variant = VARIANTS.find(
    (candidate) =>
      candidate.needs.manager === needs.manager &&
      candidate.needs.entitlements === needs.entitlements &&
      candidate.needs.rollout === rollout,
  );
  if (!variant) throw new Error('Every combination of needs has a statement');
  const values = [request.appId, arrayLiteral(request.userIds), request.now];
  if (rollout) values.push(rolloutId ?? 0, healingId ?? 0);
  const rows = await variant.statement.rows(db, values);
  return rows.map(toLoadedLink);
}

function toLoadedLink(row: Row): LoadedLink {
  return {
    userId: row.user_id,
    record: {
      id: row.user_id,
      username: row.username,
      isActive: row.is_active,
      fields: row.fields,
      profile: row.profile,
      manager: toManager(row),
      permissionSets: row.permission_sets ?? [],
      permissionSetGroups: row.permission_set_groups ?? [],
    },
    entitlement: {
      isActive: row.is_active,
      isDeleted: row.deleted,
      isAssigned: row.is_assigned,
      nextExpiryAt: row.next_expiry_at,
    },
    link: {
      remoteId: row.remote_id,
      accountState: row.account_state ?? 'absent',
      applied: row.applied,
      deleteAt: row.delete_at,
      recreatedAt: row.recreated_at,
      version: row.version,
      observedVersion: row.observed_version,
      remoteUsername: row.remote_username,
      standing: row.standing ?? 'settled',
      reasonCode: row.reason_code,
      linkedAt: row.linked_at,
      unverified: row.unverified ?? false,
      dismissed: row.dismissed,
    },
    openRequest:
      row.request_id && row.request_created_at ? { id: row.request_id, createdAt: row.request_created_at } : null,
    hold:
      row.hold_id !== null && row.hold_state && row.hold_hash
        ? {
            id: Number(row.hold_id),
            state: row.hold_state,
            hash: row.hold_hash,
            guard: row.hold_guard ?? '',
            passed: row.hold_passed ?? [],
          }
        : null,
    isReached: row.is_reached,
    before: row.before,
  };
}

function toManager(row: Row): SourceRecord['manager'] {
  if (!row.manager_id || row.manager_username === null) return null;
  return {
    id: row.manager_id,
    username: row.manager_username,
    isActive: row.manager_is_active ?? false,
    fields: row.manager_fields ?? {},
    remoteId: row.manager_remote_id ?? null,
  };
}
