import type { AttributeValue, ListRequest } from './accounts.ts';
import { ConnectorError, type ConnectorErrorKind } from './connector-error.ts';

/** One group as the target shows it. Its members are read apart, for few targets show them well. */
export interface TargetGroup {
  /** The target's own id: opaque, case-exact, never derived. */
  remoteId: string;
  name: string | undefined;
  representation: Record<string, AttributeValue>;
}

/** A {@link ConnectorError} as a value, for answers that tell of several. */
export interface Failure {
  kind: ConnectorErrorKind;
  message: string;
  status?: number | undefined;
  retryAfterMs?: number | undefined;
  detail?: string | undefined;
}

/** The members of a group by the remote ids of their accounts; `isComplete` is false where reads hide or cap them. */
export interface MembersResult {
  remoteIds: string[];
  isComplete: boolean;
}

/** A change of members by differences: what is missing and what is to go, never the whole list. */
export interface ChangeMembersRequest {
  remoteId: string;
  /** Accounts that are not members yet: some targets store a second one twice. */
  add: readonly { remoteId: string; display?: string }[];
  remove: readonly string[];
  /** Every member afterwards, for targets that only take whole lists. */
  wanted?: readonly { remoteId: string; display?: string }[];
}

/**
 * What became of each member, also when the change failed half-way, so that the caller's ledger stays right. What is in
 * no list was not tried, because of `failure`.
 */
export interface ChangeMembersResult {
  added: string[];
  removed: string[];
  /** Members that the target does not take, each with the reason; the others are done. */
  refused: { remoteId: string; failure: Failure }[];
  failure?: Failure | undefined;
}

/**
 * What a connector does with groups; absent on a connection whose target has none. As with accounts nothing is decided
 * here and nothing hidden: a group that is gone is `not_found`, a taken name `already_exists`. The caller runs the
 * changes of one group one after the other, and creates accounts before it makes them members.
 */
export interface GroupOperations {
  /** Groups of this name, verified by the connector to have it. */
  find(request: { name: string }): Promise<{ groups: TargetGroup[] }>;
  get(request: { remoteId: string }): Promise<{ found: true; group: TargetGroup } | { found: false }>;
  /** An empty group. */
  create(request: { name: string; externalId?: string | undefined }): Promise<{ group: TargetGroup }>;
  rename(request: { remoteId: string; name: string }): Promise<void>;
  delete?(request: { remoteId: string }): Promise<void>;
  list?(request: ListRequest): Promise<{ groups: TargetGroup[]; nextCursor?: string | undefined }>;
  members(request: { remoteId: string }): Promise<MembersResult>;
  changeMembers(request: ChangeMembersRequest): Promise<ChangeMembersResult>;
}

/**
 * What has to change so that a group has the wanted members. `written` is the caller's ledger: whom it made a member and
 * has not taken out. `read` counts only where it is complete; members that are in neither were put there by somebody
 * else and stay. Pure.
 */
export function planMembers(
  wanted: readonly string[],
  written: ReadonlySet<string>,
  read: MembersResult | undefined,
): { add: string[]; remove: string[] } {
  const present = read?.isComplete ? new Set(read.remoteIds) : written;
  const wantedIds = new Set(wanted);
  return {
    add: [...wantedIds].filter((id) => !present.has(id)),
    remove: [...written].filter((id) => !wantedIds.has(id) && present.has(id)),
  };
}

/** An error as a value. Throws what is no {@link ConnectorError} again: it is not for answers. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof ConnectorError)) throw error;
  const { kind, message, status, retryAfterMs, detail } = error;
  return { kind, message, status, retryAfterMs, detail };
}
