import type { AttributeValue } from '@usher/connector-sdk';

/** How one attribute of the account comes from the user. */
export interface MappingRule {
  /** Attribute path at the target: `userName`, `name.givenName`, `emails[type eq "work"].value`. */
  target: string;
  /** A formula; a plain source field is the formula that is its name, a constant the formula that is its literal. */
  formula: string;
  /** A user for whom it is blank is parked; nobody else waits. */
  required: boolean;
  /** `on create` gives a first value and leaves later edits at the target alone. */
  apply: 'always' | 'on create';
  /** What a blank result means: say nothing, take the value away, or write `default`. */
  blank: 'leave' | 'clear' | 'default';
  default?: AttributeValue | undefined;
  /**
   * Whose word counts at the target. `ours`, which it is unless told: an edit there is drift and is put right. `initial`:
   * our changes are sent, and an edit there stays until the value changes here again.
   */
  authority?: 'ours' | 'initial' | undefined;
}

/** Entries of the tables that LOOKUP may use: table name → key → value. */
export type LookupTables = Readonly<Record<string, Readonly<Record<string, string>>>>;
