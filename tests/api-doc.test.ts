import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';
import { until } from './harness/until.ts';

const run = promisify(execFile);
const deviceId = 'EV-DOC';
const engineId = 'XP-DOC';

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
let token: string;

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, [deviceId, 'EV-DOC-2', engineId], (id) =>
		id === engineId ? 'x_pro' : 'ev',
	);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	const { email, password, devices } = installation;
	for (const [id, reading] of [
		[deviceId, { battery_v: 52.1, soc_pct: 71 }],
		[engineId, { run_state: 'standby', low_battery_start_v: 12.1 }],
	] as const) {
		const key = devices.find((device) => device.deviceId === id)?.key ?? '';
		expect((await post(`/devices/v1/${id}/telemetry`, key, reading)).status).toBe(202);
	}
	const issued = await fetch(`${product.url}/api/admin/tokens`, {
		method: 'POST',
		headers: {
			cookie: await signIn(product.url, email, password),
			origin: product.url,
			'content-type': 'application/json',
		},
		body: JSON.stringify({
			name: 'Documentation',
			kind: 'control',
			deviceIds: null,
			expiresInDays: 1,
			confirm: 'Confirm',
		}),
	});
	({ token } = z.object({ token: z.string() }).parse(await issued.json()));
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

function post(path: string, key: string, body: unknown): Promise<Response> {
	return fetch(product.url + path, {
		method: 'POST',
		headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
}

test('every example of the documentation runs, and answers what stands below it', async () => {
	await until(async () => {
		const headers = { authorization: `Bearer ${token}` };
		const answer = await fetch(`${product.url}/api/v1/fleet/summary`, { headers });
		expect(await answer.json()).toMatchObject({ live: 2 });
	}, 60_000);
	const text = await readFile(join(import.meta.dirname, '../docs/API.md'), 'utf8');
	const examples = [...text.matchAll(/```sh\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)];
	expect(examples).toHaveLength(text.split('```sh').length - 1);
	expect(examples.length).toBeGreaterThan(8);
	for (const [, command = '', reply = ''] of examples) {
		const env = {
			...process.env,
			URL: product.url,
			TOKEN: token,
			DEVICE: deviceId,
			ENGINE: engineId,
		};
		const { stdout } = await run('sh', ['-c', command], { env });
		expectShape(JSON.parse(reply), JSON.parse(stdout), command);
	}
});

/** Every field that stands in the documentation is there; what values it has is another matter. */
function expectShape(documented: unknown, answered: unknown, command: string): void {
	const fields = z.record(z.string(), z.unknown());
	if (Array.isArray(documented)) {
		const [first] = documented;
		const rows = z.array(z.unknown()).parse(answered);
		if (first === undefined) return;
		expect(rows.length, command).toBeGreaterThan(0);
		for (const row of rows) expectShape(first, row, command);
		return;
	}
	const object = fields.safeParse(documented);
	if (!object.success) return;
	const given = fields.parse(answered);
	for (const [name, value] of Object.entries(object.data)) {
		expect(Object.keys(given), command).toContain(name);
		if (given[name] !== null) expectShape(value, given[name], command);
	}
}
