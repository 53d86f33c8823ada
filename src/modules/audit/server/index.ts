export type { AuditAction } from '../contract.ts';
export { type AuditOrigin, type AuditRecord, originOf, recordAudit } from './record.ts';
export { type AuditRoutesOptions, serveAuditRoutes } from './routes.ts';
