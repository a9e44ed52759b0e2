import type { AuditEntry } from '../audit/index.ts';
import type { PoolClient } from '../db/pool.ts';
import type { CredentialApp } from './credential-ground.ts';

/** An app under change, locked, in a transaction: what whoever owns apps gives for a change of their credential. */
export interface CredentialChange {
  readonly db: PoolClient;
  readonly app: CredentialApp;
  readonly now: Date;
  /** Who makes the change, as it is kept with what they write. */
  readonly author: string;
  audit(action: string, facts: Pick<AuditEntry, 'before' | 'after' | 'reason'>): Promise<void>;
}
