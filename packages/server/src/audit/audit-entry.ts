/** Who made a change. `name` is the key's or person's name; `origin` says from where (address, host name). */
export interface Actor {
  kind: 'api key' | 'person' | 'command line' | 'system';
  name: string;
  origin?: string | undefined;
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
