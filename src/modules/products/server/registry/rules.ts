import { transportLabels } from '#contract/family.ts';
import type { DeviceEdit } from '../../contract.ts';

const labels: Record<keyof DeviceEdit, string> = {
	name: 'Name',
	simNo: 'SIM number',
	transport: 'Communication type',
	reportingIntervalSeconds: 'Reporting interval',
	osmandAllowed: 'OsmAnd without a key',
};

/**
 * What somebody else changed since `before` was read, as part of a sentence; null when nothing.
 * @param now what is stored
 */
export function changesMeanwhile(before: DeviceEdit, now: DeviceEdit): string | null {
	const changes: string[] = [];
	const compare = <Field extends keyof DeviceEdit>(
		field: Field,
		written: (value: DeviceEdit[Field]) => string,
	) => {
		if (before[field] !== now[field])
			changes.push(`${labels[field]} is now ${written(now[field])}`);
	};
	const quoted = (value: string | null) => (value === null ? 'empty' : `“${value}”`);
	compare('name', quoted);
	compare('simNo', quoted);
	compare('transport', (value) => (value === null ? 'empty' : transportLabels[value]));
	compare('reportingIntervalSeconds', (value) => `${value} s`);
	compare('osmandAllowed', (value) => (value ? 'allowed' : 'not allowed'));
	return changes.length === 0 ? null : changes.join(', ');
}
