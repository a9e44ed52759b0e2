/** How a change came in. */
export type Through = 'console' | 'api' | 'command line' | 'system';

/** Who made a change. `name` is the key's name or the person's e-mail address; `origin` says from where (address, host name). */
export interface Actor {
  kind: 'api key' | 'person' | 'command line' | 'system';
  name: string;
  origin?: string | undefined;
  /** Whom it was done by, or whose key it was done with. */
  personId?: string | undefined;
  /** The person's role at that moment. */
  role?: string | undefined;
  through?: Through | undefined;
  userAgent?: string | undefined;
  /** The request that asked for it, as the log has it. */
  requestId?: string | undefined;
  /** Why, as the caller says; for entries that have no reason of their own. */
  reason?: string | undefined;
}

export interface AuditEntry {
  /** Past tense, `user.created`, `app.activated`, `hold.released`. */
  action: string;
  entityKind: string;
  entityId: string;
  appId?: number | undefined;
  userId?: string | undefined;
  before?: unknown;
  after?: unknown;
  reason?: string | undefined;
}

/** How the actor's change came in; null where nobody knows. */
export function findThrough({ kind, through }: Actor): Through | null {
  return through ?? (kind === 'system' || kind === 'command line' ? kind : null);
}
