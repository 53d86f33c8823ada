import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { statuses } from '#contract/status.ts';
import { listFleet } from '#modules/fleet/contract.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

let folder: TestFolder;
let product: RunningProduct;
let cookie: string;

beforeAll(async () => {
	folder = await createTestFolder();
	product = await startProduct({ dataDir: folder.path, parameters: ['--demo'] });
	const admin = product.signIns.find(({ role }) => role === 'Admin');
	cookie = await signIn(product.url, admin?.email ?? '', admin?.password ?? '');
});
afterAll(async () => {
	await product.end('SIGTERM');
	await folder.remove();
});

async function readFleet(query = '') {
	const answer = await fetch(`${product.url}/api/fleet/devices?pageSize=100${query}`, {
		headers: { cookie },
	});
	return listFleet.reply.parse(await answer.json());
}

test('the demo fleet shows all six statuses at once and comes alive over MQTT', async () => {
	const { counts } = await readFleet();
	for (const status of statuses) expect(counts[status], status).toBeGreaterThan(0);
	expect(counts).toMatchObject({ offline: 5, not_communicating: 7 });
	expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(120);

	const startedAtMs = Date.now();
	for (const family of ['ev', 'x_pro', 'unified', 'ultra'])
		await vi.waitFor(
			async () => {
				const { rows } = await readFleet(`&family=${family}&sort=last_heard&direction=desc`);
				const heard = rows.filter((row) => (row.lastHeardAtMs ?? 0) > startedAtMs);
				expect(heard.length).toBeGreaterThan(5);
			},
			{ timeout: 90_000, interval: 250 },
		);
}, 400_000);

test('a silent device stays silent, and a speaking one goes on from its past', async () => {
	const credentials = z
		.object({
			devices: z.array(z.looseObject({ deviceId: z.string(), silent: z.boolean().optional() })),
		})
		.parse(JSON.parse(await readFile(join(folder.path, 'demo-devices.json'), 'utf8')));
	const silent = credentials.devices.filter((device) => device.silent).map((one) => one.deviceId);
	expect(silent).toHaveLength(9);
	const { rows } = await readFleet('&status=offline,not_communicating');
	expect(rows).toHaveLength(12);
	expect(rows.map((row) => row.deviceId)).toEqual(expect.arrayContaining(silent));
	const { rows: engines } = await readFleet('&family=ultra&status=moving,stopped,ignition_off');
	for (const { totalHours, totalKwh, batteryV } of engines) {
		expect(totalHours).toBeGreaterThan(100);
		expect(totalKwh).toBeGreaterThan(100);
		expect(batteryV).toBeGreaterThan(40);
	}
});
