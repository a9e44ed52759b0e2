import type { Attributes } from '@usher/connector-sdk';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { SourceNeeds, SourceRecord } from '../../mapping/index.ts';
import type { AccountState, EntitlementFacts, LinkFacts } from '../../planning/index.ts';

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
  };
  /** The unfinished request that the next attempt continues. */
  openRequest: { id: string; createdAt: Date } | null;
  hold: { id: number; state: 'open' | 'released' | 'rejected'; hash: string } | null;
}

interface Row {
  user_id: string;
  username: string;
  is_active: boolean;
  deleted: boolean;
  fields: Record<string, unknown>;
  profile: string;
  grants: number;
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

/*
 * The grants are counted from the base tables, not from the view: unnest and the lateral joins keep every access an
 * index look-up by user, whatever the statistics say.
 */
const LOAD = (needs: SourceNeeds) => `
  select u.id as user_id, u.username, u.is_active, u.deleted_at is not null as deleted, u.fields, p.name as profile,
    u.manager_id, gr.grants, gr.next_expiry_at,
    ${needs.manager ? MANAGER_COLUMNS : 'null as manager_username'},
    ${needs.entitlements ? ENTITLEMENT_COLUMNS : 'null as permission_sets'},
    l.remote_id, l.account_state, l.version, l.applied, l.observed_version, l.remote_username, l.standing,
    l.reason ->> 'code' as reason_code, l.linked_at, l.unverified, l.delete_at, l.recreated_at, l.request_id, l.request_created_at,
    h.id as hold_id, h.state as hold_state, h.change_hash as hold_hash
  from unnest($2::uuid[]) d (user_id)
  join directory_user u on u.id = d.user_id
  join profile p on p.id = u.profile_id
  left join account_link l on l.app_id = $1 and l.user_id = u.id
  left join hold h on h.app_id = $1 and h.user_id = u.id and h.state in ('open', 'released', 'rejected')
  left join lateral (
    select count(*)::int as grants, min(x.expires_at) as next_expiry_at
    from (
      select null::timestamptz as expires_at from app_assignment aa where aa.app_id = $1 and aa.profile_id = u.profile_id
      union all
      select a.expires_at from permission_set_assignment a
      join app_assignment aa on aa.app_id = $1
        and (aa.permission_set_id = a.permission_set_id or aa.permission_set_group_id = a.permission_set_group_id)
      where a.user_id = u.id and (a.expires_at is null or a.expires_at > $3)
      union all
      select a.expires_at from permission_set_assignment a
      join permission_set_group_component c on c.permission_set_group_id = a.permission_set_group_id
      join app_assignment aa on aa.app_id = $1 and aa.permission_set_id = c.permission_set_id
      where a.user_id = u.id and (a.expires_at is null or a.expires_at > $3)
    ) x
  ) gr on true
  ${needs.manager ? MANAGER_JOIN : ''}
  ${needs.entitlements ? ENTITLEMENT_JOIN : ''}`;

const VARIANTS = [
  { manager: false, entitlements: false },
  { manager: true, entitlements: false },
  { manager: false, entitlements: true },
  { manager: true, entitlements: true },
].map((needs) => ({
  needs,
  statement: statement<Row>(`load-links-${Number(needs.manager)}${Number(needs.entitlements)}`, LOAD(needs)),
}));

/** The present state of these links. Read after the claim, so that it is never older than the claimed revision. */
export async function loadLinks(
  db: Queryable,
  request: { appId: number; userIds: string[]; now: Date; needs: SourceNeeds },
): Promise<LoadedLink[]> {
  const { needs } = request;
  const variant = VARIANTS.find(
    (candidate) => candidate.needs.manager === needs.manager && candidate.needs.entitlements === needs.entitlements,
  );
  if (!variant) throw new Error('Every combination of needs has a statement');
  const rows = await variant.statement.rows(db, [request.appId, request.userIds, request.now]);
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
      isAssigned: row.grants > 0,
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
    },
    openRequest:
      row.request_id && row.request_created_at ? { id: row.request_id, createdAt: row.request_created_at } : null,
    hold:
      row.hold_id !== null && row.hold_state && row.hold_hash
        ? { id: Number(row.hold_id), state: row.hold_state, hash: row.hold_hash }
        : null,
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
