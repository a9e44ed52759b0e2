export type { Actor, AuditEntry } from './audit-entry.ts';
export { type AuditFilter, type AuditRow, listAudit } from './sql/list-audit.ts';
export { writeAudit } from './sql/write-audit.ts';
