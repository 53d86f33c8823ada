import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandMessageSchema } from '#contract/device-command.ts';
import { commandResultTopic, commandTopic } from '#contract/device-topics.ts';
import { listCommands, tracedCommandSchema } from '#modules/commands/contract.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
let cookie: string;

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, ['EV-1']);
	await start();
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

async function start(): Promise<void> {
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	cookie = await signIn(product.url, installation.email, installation.password);
}

async function api(body?: object): Promise<unknown> {
	const answer = await fetch(`${product.url}/api/devices/EV-1/commands`, {
		method: body === undefined ? 'GET' : 'POST',
		headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
		...(body && { body: JSON.stringify(body) }),
	});
	const reply: unknown = await answer.json();
	expect([answer.status, reply]).toMatchObject([200, {}]);
	return reply;
}

test('a command outlives kill -9 between the request and the device', async () => {
	const asked = tracedCommandSchema.parse(await api({ name: 'reboot', confirm: 'confirm' }));
	expect(asked.state).toBe('waiting');
	await product.end('SIGKILL');
	await start();
	const heard: string[] = [];
	const device = mqtt.connect(`mqtt://127.0.0.1:${product.mqttPort}`, {
		username: 'EV-1',
		password: installation.devices[0]?.key ?? '',
		reconnectPeriod: 0,
	});
	// The server is killed beneath it.
	device.on('error', () => {});
	device.on('message', (_, payload) =>
		heard.push(commandMessageSchema.parse(JSON.parse(payload.toString())).commandId),
	);
	try {
		await device.subscribeAsync(commandTopic('EV-1'), { qos: 1 });
		await expect.poll(() => heard).toEqual([asked.commandId]);
		// The answer is acknowledged, so it is stored, whatever becomes of the server then.
		const topic = commandResultTopic('EV-1', asked.commandId);
		await device.publishAsync(topic, '{"status":"DONE"}', { qos: 1 });
		await product.end('SIGKILL');
	} finally {
		await device.endAsync(true);
	}
	await start();
	const { commands } = listCommands.reply.parse(await api());
	expect(commands).toMatchObject([{ commandId: asked.commandId, state: 'done' }]);
});
