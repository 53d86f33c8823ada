import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInScope } from '#contract/scope.ts';
import { statuses } from '#contract/status.ts';
import { fleetBuffers, fleetColumns } from './fleet-columns.ts';
import { answerFleetQuestion, type FleetQuestion, fleetOrders } from './fleet-query.ts';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const code = fc.integer({ min: 0, max: 3 });
const device = fc.record({
	organizationNo: fc.integer({ min: 0, max: 2 }),
	dealerNo: code,
	customerNo: code,
	vehicleNo: code,
	family: fc.integer({ min: 0, max: 3 }),
	status: fc.integer({ min: 0, max: 5 }),
	lastHeardAtMs: maybe(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 2) })),
	socPct: maybe(fc.constantFrom(0, 50, 50.5, 100)),
	speedKmh: maybe(fc.float({ noNaN: true, min: -10, max: 100 })),
	signal: maybe(fc.constantFrom(0, 31, 99)),
	firmwareCode: code,
	nameRank: fc.integer({ min: 0, max: 10_000 }),
});
const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }));
const codes = fc.uniqueArray(fc.integer({ min: 1, max: 3 }));
const ranks = Uint32Array.from([0, 7, 3, 7]);
const question = fc.record({
	scope: fc.record({
		organizationNo: fc.integer({ min: 1, max: 2 }),
		dealerNo: maybe(fc.integer({ min: 1, max: 3 })),
		customerNos: maybe(codes),
		deviceNos: maybe(numbers),
	}),
	statuses: fc.uniqueArray(fc.integer({ min: 0, max: 5 })),
	family: maybe(fc.integer({ min: 0, max: 3 })),
	dealerNo: maybe(fc.integer({ min: 1, max: 3 })),
	customerNo: maybe(fc.integer({ min: 1, max: 3 })),
	firmwareCode: maybe(fc.integer({ min: 1, max: 3 })),
	match: maybe(
		fc.record({
			deviceNos: numbers.map((list) => Int32Array.from(list)),
			vehicleNos: codes.map((list) => Int32Array.from(list)),
			customerNos: codes,
			dealerNos: codes,
			firmwareCodes: codes,
		}),
	),
	order: fc.constantFrom(...fleetOrders),
	descending: fc.boolean(),
	offset: fc.integer({ min: 0, max: 30 }),
	limit: fc.integer({ min: 1, max: 20 }),
	ranks: fc.constant(ranks),
});

type Device = typeof device extends fc.Arbitrary<infer T> ? T : never;

test('equals filtering and sorting the whole fleet', () => {
	fc.assert(
		fc.property(fc.array(device, { maxLength: 40 }), question, (devices, question) => {
			const columns = fleetColumns(fleetBuffers(64, null));
			devices.forEach((one, index) => {
				const deviceNo = index + 1;
				for (const name of Object.keys(one) as (keyof Device)[])
					columns[name][deviceNo] = one[name] ?? Number.NaN;
			});
			const answer = answerFleetQuestion(columns, devices.length, question);
			const matching = devices
				.map((one, index) => ({ ...one, deviceNo: index + 1 }))
				.filter((one) => isMatch(one, question));
			for (const [status, name] of statuses.entries())
				expect(answer.counts[name]).toBe(matching.filter((one) => one.status === status).length);
			const asked = matching.filter(
				(one) => question.statuses.length === 0 || question.statuses.includes(one.status),
			);
			expect(answer.total).toBe(asked.length);
			const sorted = asked
				.map((one) => ({ deviceNo: one.deviceNo, key: keyOf(one, question) }))
				.sort((one, other) => {
					if (one.key === null || other.key === null)
						return (
							Number(one.key === null) - Number(other.key === null) || one.deviceNo - other.deviceNo
						);
					const by = one.key - other.key;
					return (question.descending ? -by : by) || one.deviceNo - other.deviceNo;
				});
			expect([...answer.deviceNos]).toEqual(
				sorted
					.slice(question.offset, question.offset + question.limit)
					.map(({ deviceNo }) => deviceNo),
			);
		}),
		{ numRuns: 2_000 },
	);
});

function isMatch(one: Device & { deviceNo: number }, asked: FleetQuestion): boolean {
	const { match } = asked;
	const belonging = {
		organizationNo: one.organizationNo,
		dealerNo: one.dealerNo || null,
		customerNo: one.customerNo || null,
	};
	return (
		one.organizationNo !== 0 &&
		isInScope(asked.scope, one.deviceNo, belonging) &&
		(asked.family === null || one.family === asked.family) &&
		(asked.dealerNo === null || one.dealerNo === asked.dealerNo) &&
		(asked.customerNo === null || one.customerNo === asked.customerNo) &&
		(asked.firmwareCode === null || one.firmwareCode === asked.firmwareCode) &&
		(match === null ||
			match.deviceNos.includes(one.deviceNo) ||
			match.vehicleNos.includes(one.vehicleNo) ||
			match.customerNos.includes(one.customerNo) ||
			match.dealerNos.includes(one.dealerNo) ||
			match.firmwareCodes.includes(one.firmwareCode))
	);
}

function keyOf(one: Device, { order }: FleetQuestion): number | null {
	switch (order) {
		case 'name':
			return one.nameRank;
		case 'status':
			return one.status;
		case 'last_heard':
			return one.lastHeardAtMs === null ? null : Math.floor(one.lastHeardAtMs / 100);
		case 'soc':
			return one.socPct;
		case 'speed':
			return one.speedKmh;
		case 'signal':
			return one.signal === 99 ? null : one.signal;
		case 'firmware':
			return one.firmwareCode === 0 ? null : ranks[one.firmwareCode]!;
		case 'customer':
			return one.customerNo === 0 ? null : ranks[one.customerNo]!;
		case 'dealer':
			return one.dealerNo === 0 ? null : ranks[one.dealerNo]!;
		default:
			return null;
	}
}
