export type { Actor, AuditEntry } from './audit-entry.ts';
export { writeAudit } from './sql/write-audit.ts';
