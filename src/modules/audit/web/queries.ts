import { queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import { auditActionText, auditSubjectText, listAuditFilters, showAudit } from '../contract.ts';

/** One entry with what was before and after; it never changes. */
export function auditEntryQuery(auditNo: number) {
	return queryOptions({
		queryKey: ['audit', auditNo],
		queryFn: ({ signal }) => readAuditEntry(String(auditNo), signal),
		staleTime: Number.POSITIVE_INFINITY,
	});
}

export function readAuditEntry(auditNo: string, signal: AbortSignal) {
	return call(showAudit, { params: { auditNo } }, signal);
}

export async function actionOptions(_: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { actions } = await call(listAuditFilters, {}, signal);
	return actions.map((value) => ({ value, label: auditActionText(value) }));
}

export async function subjectKindOptions(_: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { subjectKinds } = await call(listAuditFilters, {}, signal);
	return subjectKinds.map((value) => ({ value, label: auditSubjectText(value) }));
}

export async function personOptions(person: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { people } = await call(listAuditFilters, { query: { person } }, signal);
	return people.map((value) => ({ value, label: value }));
}
