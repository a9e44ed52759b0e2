export type AttributeType = 'text' | 'boolean' | 'number' | 'dateTime' | 'reference' | 'binary' | 'complex';

/**
 * One attribute of an account as a mapping may address it. The characteristics are SCIM's (RFC 7643 §2.2),
 * because every other kind of target can be described with them.
 */
export interface AttributeSchema {
  /**
   * The attribute path: `userName`, `name.givenName`, `emails[type eq "work"].value`,
   * `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.
   */
  path: string;
  type: AttributeType;
  multiValued: boolean;
  required: boolean;
  mutability: 'readWrite' | 'readOnly' | 'immutable' | 'writeOnly';
  uniqueness: 'none' | 'server' | 'global';
  caseExact: boolean;
  canonicalValues?: string[];
  description?: string;
}

/** What an account of a target looks like. */
export interface AccountSchema {
  attributes: AttributeSchema[];
  /** Where the knowledge comes from: the target itself, the connector, the administrator, or the standard's default. */
  source: 'target' | 'connector' | 'administrator' | 'default';
}
