export { type AuditOrigin, type AuditRecord, originOf, recordAudit } from './record.ts';
