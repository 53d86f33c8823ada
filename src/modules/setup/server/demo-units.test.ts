import { expect, test } from 'vitest';
import { statusAt, statuses } from '#contract/status.ts';
import { playedDeviceSchema } from '#simulator/credentials.ts';
import { lifeOf } from '#simulator/life.ts';
import { demoCities, demoCustomers } from './demo-fleet.ts';
import { demoUnits } from './demo-units.ts';

const hourMs = 3_600_000;
const units = demoUnits();

test('numbers and places of the demo fleet are unlike each other', () => {
	const vins = units.flatMap(({ vehicle }) => vehicle?.vin ?? []);
	expect(new Set(vins).size).toBe(vins.length);
	const registrations = units.flatMap(({ vehicle }) => vehicle?.registrationNo ?? []);
	expect(new Set(registrations).size).toBe(registrations.length);
	const names = units.flatMap(({ name }) => name ?? []);
	expect(new Set(names).size).toBe(names.length);
	const emails = Object.values(demoCustomers).map(({ email }) => email);
	expect(new Set(emails).size).toBe(emails.length);
	for (const email of emails) expect(email).toMatch(/^fleet\.[a-z]+@example\.com$/);
	const inMorocco = Object.values(demoCities).filter(({ lon }) => lon < 0).length;
	expect([Object.keys(demoCities).length - inMorocco, inMorocco]).toEqual([9, 5]);
});

test('modelled devices alone show every activity, at whatever hour the fleet is set up', () => {
	for (let hour = 0; hour < 48; hour += 1) {
		const nowMs = Date.UTC(2026, 2, 3) + hour * hourMs;
		const seen = new Set<string>();
		for (const [index, { played, family, silentHours }] of units.entries()) {
			if (played === null || 'replay' in played || silentHours > 0) continue;
			const device = playedDeviceSchema.parse({ deviceId: `D-${index}`, key: 'k', ...played });
			const { messages } = lifeOf(device, index, new Map(), nowMs)
				.transmissions(nowMs, null)
				.next().value;
			const measured = messages[0]?.[0]?.measured;
			if (measured === undefined) continue;
			const activity = {
				isEngine: family !== 'ev',
				charging: measured.charging ?? null,
				ignition: measured.ignition ?? null,
				speedKmh: measured.speed_kmh ?? null,
				runState: measured.run_state ?? null,
			};
			seen.add(statusAt(activity, nowMs, nowMs));
		}
		expect([...seen].sort(), `hour ${hour}`).toEqual(
			statuses.filter((status) => !['offline', 'not_communicating'].includes(status)).sort(),
		);
	}
});
