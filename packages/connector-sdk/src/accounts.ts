import type { AccountSchema } from './account-schema.ts';

/** A JSON value of an attribute. Blank is `undefined` (not said) or `null` (cleared), never `''`. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [name: string]: AttributeValue };

/** Attribute path → value; see {@link AttributeSchema.path}. Flat, so that differences are computed key by key. */
export type Attributes = Record<string, AttributeValue>;

/** One account as the target shows it. */
export interface TargetAccount {
  /** The target's own id: opaque, case-exact, never derived. */
  remoteId: string;
  /** Whether the account can be used; `undefined` when the target does not say. */
  active: boolean | undefined;
  /** The target's whole representation, kept as it came. */
  representation: Record<string, AttributeValue>;
  /** The version for conditional writes, when the target gives one. */
  version?: string | undefined;
}

/** `set` gives the attribute this value, whatever it was; `clear` leaves it without a value. */
export type AttributeChange =
  | { path: string; operation: 'set'; value: AttributeValue }
  | { path: string; operation: 'clear' };

export interface FindRequest {
  /** One attribute and the value it must have. The engine asks once for each matching attribute, in order. */
  path: string;
  value: string;
}

/** Every account found, verified by the connector to carry the value; more than one is the engine's to decide. */
export interface FindResult {
  accounts: TargetAccount[];
}

export interface GetRequest {
  remoteId: string;
}

export type GetResult = { found: true; account: TargetAccount } | { found: false };

export interface CreateRequest {
  /** Complete desired attributes without blanks; `active` is among them. */
  attributes: Attributes;
}

export interface CreateResult {
  /** The account as the target made it; its values may differ from those sent. */
  account: TargetAccount;
}

export interface UpdateRequest {
  remoteId: string;
  /** At least one change, each path once. */
  changes: AttributeChange[];
  /** The complete desired attributes, for targets that only take whole representations. */
  desired: Attributes;
  /** The version read last; sent as a precondition where the target supports one. */
  version?: string | undefined;
}

export interface UpdateResult {
  /** The account after the write, when the target said so; `undefined` when it answered without a body. */
  account: TargetAccount | undefined;
}

export interface DeactivateRequest {
  remoteId: string;
  /** Complete desired attributes with `active: false`, for targets that only take whole representations. */
  desired: Attributes;
}

export interface DeleteRequest {
  remoteId: string;
}

export interface ListRequest {
  /** The cursor of the page before, opaque and self-contained; absent for the first page. */
  cursor?: string | undefined;
  /** Wanted page size; the target may give fewer or more. */
  limit: number;
}

export interface ListResult {
  accounts: TargetAccount[];
  /** Absent on the last page. */
  nextCursor?: string | undefined;
}

/**
 * What a connector does with accounts. Each operation takes one object and gives one object. Failures are
 * `ConnectorError`s: an addressed account that is gone is `not_found`, a taken unique value is `already_exists`;
 * a connector never hides either. Deleting twice is `not_found` the second time: idempotence is the engine's.
 * An absent optional operation means that the target cannot do it.
 */
export interface AccountOperations {
  /** The target's account schema. May read the target. */
  schema?(): Promise<AccountSchema>;
  find(request: FindRequest): Promise<FindResult>;
  get(request: GetRequest): Promise<GetResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  update(request: UpdateRequest): Promise<UpdateResult>;
  /** Make the account unusable. Absent: the engine sends an update with `active: false`. */
  deactivate?(request: DeactivateRequest): Promise<UpdateResult>;
  /** Make the account usable again and give it the desired attributes. Absent: an update with everything. */
  reactivate?(request: UpdateRequest): Promise<UpdateResult>;
  delete?(request: DeleteRequest): Promise<void>;
  list?(request: ListRequest): Promise<ListResult>;
  /** The value at an attribute path of a representation; `undefined` when it has none. Pure. */
  read(account: TargetAccount, path: string): AttributeValue | undefined;
}
