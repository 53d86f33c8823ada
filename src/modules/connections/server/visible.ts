import { type Connection, rateSpanMinutes, rateSpans } from '../contract.ts';

/** A time without a break; null: without a beginning or an end. */
export interface Period {
	readonly fromMs: number | null;
	readonly toMs: number | null;
}

/**
 * Connections in the time that a reader may see. One that reaches beyond it begins or ends with it, and what came over
 * it is not counted.
 */
export function visibleConnections(
	connections: readonly Connection[],
	periods: readonly Period[],
): Connection[] {
	return connections.flatMap((connection) =>
		periods
			.filter((period) => overlap(period, connection))
			.map((period) => clipped(connection, period))
			.reverse(),
	);
}

function overlap({ fromMs, toMs }: Period, { connectedAtMs, endedAtMs }: Connection): boolean {
	return (endedAtMs ?? Infinity) >= (fromMs ?? -Infinity) && connectedAtMs < (toMs ?? Infinity);
}

function clipped(connection: Connection, { fromMs, toMs }: Period): Connection {
	const { connectedAtMs, endedAtMs } = connection;
	const isCutBefore = fromMs !== null && connectedAtMs < fromMs;
	const isCutAfter = toMs !== null && (endedAtMs === null || endedAtMs > toMs);
	if (!isCutBefore && !isCutAfter) return connection;
	return {
		...connection,
		connectedAtMs: isCutBefore ? fromMs : connectedAtMs,
		endedAtMs: isCutAfter ? toMs : endedAtMs,
		reason: isCutAfter ? null : connection.reason,
		messages: null,
		bytes: null,
	};
}

export function isVisible(periods: readonly Period[], atMs: number): boolean {
	return periods.some(
		({ fromMs, toMs }) => atMs >= (fromMs ?? -Infinity) && atMs < (toMs ?? Infinity),
	);
}

const spanMs = rateSpanMinutes * 60_000;

/** Counts of the last hour's spans without those that do not lie wholly in the time that a reader may see. */
export function visibleCounts(
	counts: readonly number[],
	periods: readonly Period[],
	nowMs: number,
): number[] {
	const firstMs = (Math.floor(nowMs / spanMs) - rateSpans + 1) * spanMs;
	return counts.map((count, place) => {
		const startMs = firstMs + place * spanMs;
		const lies = periods.some(
			({ fromMs, toMs }) =>
				startMs >= (fromMs ?? -Infinity) && Math.min(startMs + spanMs, nowMs) <= (toMs ?? Infinity),
		);
		return lies ? count : 0;
	});
}
