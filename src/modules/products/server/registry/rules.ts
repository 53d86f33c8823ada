import { transportLabels } from '#contract/family.ts';
import type { FieldWords } from '#platform/changes-meanwhile.ts';
import type { DeviceEdit, DeviceSettings } from '../../contract.ts';

/** How a device's fields are named to whoever edits it at the same time as somebody else. */
export const deviceEditWords: FieldWords<DeviceEdit> = {
	name: { label: 'Name' },
	simNo: { label: 'SIM number' },
	transport: {
		label: 'Communication type',
		written: (value) => (value === null ? 'empty' : transportLabels[value]),
	},
	reportingIntervalSeconds: { label: 'Reporting interval', written: (value) => `${value} s` },
	osmandAllowed: {
		label: 'OsmAnd without a key',
		written: (value) => (value ? 'allowed' : 'not allowed'),
	},
};

/** The same for what an organization wants of its devices. */
export const deviceSettingsWords: FieldWords<DeviceSettings> = {
	keyGraceHours: { label: 'Grace time', written: (value) => `${value} h` },
	telematicsIdFormat: { label: 'Format of Telematics IDs' },
};
