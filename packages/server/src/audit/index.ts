export { type Actor, type AuditEntry, findThrough, type Through } from './audit-entry.ts';
export { type AuditChange, diffValues } from './diff-values.ts';
export { exportAuditCsv, exportAuditJsonLines } from './export-audit.ts';
export { type AuditFilter, type AuditRow, listAudit } from './sql/list-audit.ts';
export { writeAudit } from './sql/write-audit.ts';
