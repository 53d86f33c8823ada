import pg from 'pg';
import { type Fault, fault } from '#contract/faults.ts';

const uniqueViolation = '23505';

/** What people call the columns that hold a value only once. */
const columnLabels: Readonly<Record<string, string>> = {
	device_id: 'Device ID',
	telematics_id: 'Telematics ID',
	vin: 'VIN',
	bms_id: 'BMS Id',
	motor_id: 'Motor ID',
};

/**
 * The refusal that a violated uniqueness amounts to, or null for any other error. It does not say who holds the value:
 * the holder may lie outside what the reader may see.
 */
export function alreadyInUse(error: unknown): Fault | null {
	if (!(error instanceof pg.DatabaseError) || error.code !== uniqueViolation) return null;
	const [, columns = '', values = ''] =
		/^Key \(([^)]*)\)=\((.*)\) already exists\.$/.exec(error.detail ?? '') ?? [];
	const label = columnLabels[columns.split(', ').at(-1) ?? ''];
	if (label === undefined) return null;
	return fault('already_in_use', {
		value: `${label} ${values.split(', ').at(-1)}`,
		where: '. Ask your administrator',
	});
}
