export type { AuditAction } from '../contract.ts';
export {
	type Actor,
	type AuditedPerson,
	type AuditOrigin,
	type AuditRecord,
	actorOf,
	auditTable,
	originOf,
	recordAudit,
	recordAudits,
} from './record.ts';
export { type AuditRoutesOptions, serveAuditRoutes } from './routes.ts';
