import type { Activity } from '#contract/status.ts';
import { booleanOf, numberOf, type Snapshot, textOf } from './snapshot.ts';

/** What the six-status rule needs of a snapshot. */
export function activityOf({ registration, values }: Snapshot): Activity {
	return {
		isEngine: registration.family !== 'ev',
		charging: booleanOf(values, 'charging'),
		ignition: booleanOf(values, 'ignition'),
		speedKmh: numberOf(values, 'speed_kmh'),
		runState: textOf(values, 'run_state'),
	};
}
