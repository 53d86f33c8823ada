import { type Status, statuses } from '#contract/status.ts';

/** The choice with this status added or taken away, in the order of the chips; all six are the same as none. */
export function toggled(chosen: readonly Status[], status: Status): readonly Status[] {
	const next = statuses.filter((each) => (each === status) !== chosen.includes(each));
	return next.length === statuses.length ? [] : next;
}
