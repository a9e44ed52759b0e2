import type { AccountOperations, Attributes, AttributeValue, Connector, HttpTransport } from '../src/index.ts';

/** A target to test against, and the way to it. Started once for the whole suite. */
export interface ContractTarget {
  /** With the credential, as the host gives it to the connector; see {@link createTestTransport}. */
  http: HttpTransport;
  stop(): Promise<void>;
}

/** What the suite must know of a connector and its target to judge it. */
export interface ConnectorContract<Options> {
  connector: Connector<Options>;
  /** As an administrator would save them; `{}` unless told. */
  options?: Options;
  /** A real target or a faithful stand-in, in which the suite may create and delete accounts. */
  start(): Promise<ContractTarget>;
  /** Desired attributes of the nth account (from 1), all unique values different for each n; without `active`. */
  account(n: number): Attributes;
  /** A path of those attributes by which accounts are found and whose values the target keeps unique. */
  matchingAttribute: string;
  /** One change that the target accepts. */
  update: { path: string; value: AttributeValue };
  /** A path of `account(n)` that can be left without a value; absent when the target has none. */
  clear?: string;
  /**
   * Attributes, beside those of `account(n)`, for which creating needs more than one write. Absent when a create is always
   * one write. The suite lets the second write fail and expects `partially_created` with the remote id.
   */
  halfCreate?: Attributes;
  /** For a connector with groups: the name of the nth one, from 1, different for each n. */
  groups?: { name(n: number): string };
}

/** What the parts of the suite share: a fresh connection for each unit of work, and numbers never used before. */
export interface ContractGround<Options> extends ConnectorContract<Options> {
  /** The operations over the target, or over another view of it, with an empty memory. */
  accounts(http?: (target: HttpTransport) => HttpTransport): AccountOperations;
  target(): ContractTarget;
  nextNumber(): number;
}
