import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { type AuditOrigin, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import type { ReplayProgress, Selection } from '../contract.ts';
import type { Replays } from './replays.ts';
import { countSelected, deleteSelected } from './store.ts';

/**
 * Begins to replay what was chosen.
 * @throws `not_found` when nothing of it is parked, `replay_running`
 */
export async function startReplay(
	database: Database,
	replays: Replays,
	principal: Principal,
	origin: AuditOrigin,
	selection: Selection,
): Promise<ReplayProgress> {
	const { scope, name } = principal;
	const total = await countSelected(database, scope, selection);
	if (total === 0) throw fault('not_found', { thing: 'parked message' });
	refuseSecond(replays, principal);
	await database.transaction().execute((transaction) =>
		recordAudit(transaction, principal, origin, {
			action: 'parked.replay',
			subject: subjectOf(selection),
			before: null,
			after: { messages: total, selection: writtenOut(selection) },
		}),
	);
	refuseSecond(replays, principal);
	return replays.start({ scope, selection, total, startedBy: name });
}

/** Discards what was chosen. @returns how many there were; @throws `not_found` when nothing of it is parked */
export function discard(
	database: Database,
	principal: Principal,
	origin: AuditOrigin,
	selection: Selection,
): Promise<number> {
	return database.transaction().execute(async (transaction) => {
		const discarded = await deleteSelected(transaction, principal.scope, selection);
		if (discarded === 0) throw fault('not_found', { thing: 'parked message' });
		await recordAudit(transaction, principal, origin, {
			action: 'parked.discard',
			subject: subjectOf(selection),
			before: { messages: discarded, selection: writtenOut(selection) },
			after: null,
		});
		return discarded;
	});
}

function refuseSecond(replays: Replays, { scope }: Principal): void {
	if (replays.isRunning(scope.organizationNo)) throw fault('replay_running');
}

function subjectOf(selection: Selection): { kind: string; id: string } {
	const [only, ...others] = 'parkedNos' in selection ? selection.parkedNos : [];
	const isOne = only !== undefined && others.length === 0;
	return { kind: 'parked_message', id: isOne ? String(only) : 'several' };
}

function writtenOut(
	selection: Selection,
): Readonly<Record<string, string | number | null | readonly number[]>> {
	if ('parkedNos' in selection) return { parkedNos: selection.parkedNos };
	const { q, reason = null, deviceId = null, newestNo } = selection;
	return { q, reason, deviceId, newestNo };
}
