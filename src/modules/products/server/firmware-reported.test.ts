import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyValues, placeOf } from '#ingest/fields.ts';
import { telemetry } from '#ingest/message.ts';
import type { Reading } from '#ingest/reading.ts';
import { blankSnapshot, type ReactionMemory } from '#ingest/snapshot.ts';
import { firmwareReaction } from './firmware-reported.ts';

const before = blankSnapshot({
	deviceNo: 1,
	organizationNo: 1,
	dealerNo: null,
	customerNo: null,
	family: 'ev',
	vehicleNo: null,
});

function reading(firmware: string | null): Reading {
	const values = emptyValues();
	values[placeOf('firmware')] = firmware;
	return {
		message: {
			deviceNo: 1,
			content: telemetry,
			topic: '',
			body: Buffer.alloc(0),
			receivedAtMs: 0,
			isAbandoned: () => false,
			acknowledge: () => {},
		},
		wire: {},
		bootName: null,
		sequence: -1,
		atMs: 0,
		hasDeviceTime: true,
		rejectedTime: null,
		identHigh: 0,
		identLow: 0,
		isLate: false,
		values,
		sensors: null,
	};
}

test('the facts tell the versions in turn, each once, and silence changes nothing', () => {
	const versions = fc.array(fc.option(fc.constantFrom('4.1.0', '4.2.0', '4.2.1'), { nil: null }));
	fc.assert(
		fc.property(versions, (versions) => {
			let memory: ReactionMemory | undefined;
			const told: unknown[] = [];
			for (const version of versions) {
				const result = firmwareReaction.react(reading(version), before, memory);
				memory = result.memory;
				told.push(...result.facts.map((fact) => fact.details));
			}
			const named = versions.filter((version) => version !== null);
			const changes = named.filter((version, index) => version !== named[index - 1]);
			expect(told).toEqual(changes.map((to, index) => ({ from: changes[index - 1] ?? null, to })));
		}),
	);
});
