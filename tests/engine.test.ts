import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type SimulatedFleet, startFleet } from '#simulator/fleet.ts';
import { devicePath } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, desktop, phone, signInOn } from './harness/pages.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';
import { startableController } from './harness/startable-controller.ts';
import { until } from './harness/until.ts';

/** By a person on the desktop and on the phone, by a program, and one that is never heard. */
const deviceIds = ['XP-DESK', 'XP-PHONE', 'XP-REST', 'XP-SILENT'] as const;
type DeviceId = (typeof deviceIds)[number];
const patienceMs = 60_000;

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
let fleet: SimulatedFleet;

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, deviceIds, () => 'x_pro');
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	const played = installation.devices.filter(({ deviceId }) => deviceId !== 'XP-SILENT');
	fleet = await startFleet(
		{
			mqttUrl: `mqtt://127.0.0.1:${product.mqttPort}`,
			speed: 1,
			everyMs: 2_000,
			part: { first: 0, count: played.length },
			drivesFolder: join(import.meta.dirname, '../data/twizy-rsk'),
			devices: played.map(({ deviceId, key }, index) => ({
				index,
				device: startableController({ deviceId, key }),
			})),
		},
		() => {},
	);
});
afterAll(async () => {
	await fleet.stop();
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

const open = browserPages(() => product.url);

async function picture(page: Page, name: string): Promise<void> {
	const dir = process.env.SCREENSHOTS;
	if (dir !== undefined) await page.screenshot({ path: `${dir}/${name}.png` });
}

/** A live value by its name. */
function value(page: Page, name: string): Locator {
	return page.locator('dl > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
}

/** Presses a button of the page's head by keyboard, types the word, and waits for what the device says. */
async function command(page: Page, name: string): Promise<void> {
	await page.getByRole('button', { name, exact: true, disabled: false }).press('Enter');
	await page.locator('[role=dialog] input:focus').waitFor();
	await page.keyboard.type('confirm');
	await page.keyboard.press('Enter');
	const trace = page.getByRole('listitem').filter({ hasText: 'Asked for by Operator' }).first();
	await trace.getByText(name, { exact: true }).waitFor();
	await trace.getByText('Done', { exact: true }).first().waitFor({ timeout: patienceMs });
}

describe.each([
	['XP-DESK', desktop, 'light', 1440],
	['XP-PHONE', phone, 'dark', 390],
] as const)('%s', (deviceId, size, colorScheme, width) => {
	const name = (what: string) => `engine-${what}-${colorScheme}-${width}`;

	test('is started, stopped and set, and what it reports follows', async () => {
		const page = await open({ path: '/', options: { ...size, colorScheme } });
		await signInOn(page, installation);
		await page.waitForURL((url) => url.pathname !== '/sign-in');
		await page.goto(new URL(devicePath(deviceId), product.url).href);
		await value(page, 'Run state').getByText('Standby').waitFor({ timeout: patienceMs });

		const stop = page.getByRole('button', { name: 'Stop', exact: true });
		await expect.poll(() => stop.getAttribute('aria-disabled')).toBe('true');
		expect(await stop.getAttribute('aria-describedby')).not.toBeNull();
		await stop.focus();
		await page
			.getByRole('tooltip')
			.getByText('Stop is not safe now: the engine does not run.')
			.waitFor();
		await stop.press('Enter');
		expect(await page.getByRole('dialog').count()).toBe(0);
		await picture(page, name('standby'));
		expect(await violations(page)).toEqual([]);

		await command(page, 'Start');
		await value(page, 'Run state').getByText('Running').waitFor({ timeout: patienceMs });
		const start = page.getByRole('button', { name: 'Start', exact: true });
		await expect.poll(() => start.getAttribute('aria-disabled')).toBe('true');
		await command(page, 'Stop');
		await value(page, 'Run state').getByText('Stopped').waitFor({ timeout: patienceMs });

		const lowStart = value(page, 'Low battery start');
		await lowStart.getByText('12 V').waitFor();
		await lowStart.getByText('Reported').waitFor();
		await page.getByRole('button', { name: 'Change', exact: true }).press('Enter');
		const field = page.getByRole('textbox', { name: 'Low battery start' });
		await field.press('Enter');
		await page.getByText('Name at least one setting to change.').waitFor();
		await field.fill('15');
		await page.keyboard.press('Enter');
		await page
			.getByText('Low battery start (15 V) has to be below high battery cut-off (14.8 V).')
			.waitFor();
		await field.fill('11.8');
		await picture(page, name('drawer'));
		expect(await violations(page, '[role=dialog]')).toEqual([]);
		await page.keyboard.press('Enter');
		await page.getByText('12 V → 11.8 V').waitFor();
		await picture(page, name('confirm'));
		await page.getByLabel('Confirmation').and(page.locator(':focus')).waitFor();
		await page.keyboard.type('Confirm');
		await page.keyboard.press('Enter');
		const trace = page.getByRole('listitem').filter({ hasText: 'Asked for by Operator' }).first();
		await trace.getByText('Sets Low battery start 11.8 V.').waitFor();
		await lowStart.getByText('11.8 V').waitFor({ timeout: patienceMs });
		await trace.scrollIntoViewIfNeeded();
		await picture(page, name('settings'));
		expect(await violations(page)).toEqual([]);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
	}, 300_000);
});

test('a device that was never heard is told nothing but to reboot', async () => {
	const page = await open({ path: '/' });
	await signInOn(page, installation);
	await page.waitForURL((url) => url.pathname !== '/sign-in');
	await page.goto(new URL(devicePath('XP-SILENT'), product.url).href);
	for (const name of ['Start', 'Stop', 'Return to standby', 'Reset fault', 'Change']) {
		const button = page.getByRole('button', { name, exact: true });
		await expect.poll(() => button.getAttribute('aria-disabled'), { message: name }).toBe('true');
	}
	const reboot = page.getByRole('button', { name: 'Reboot' });
	expect(await reboot.getAttribute('aria-disabled')).toBeNull();
	await expect.poll(() => page.getByText('Not known').count()).toBe(5);
});

interface Answer {
	readonly status: number;
	readonly body: Record<string, unknown>;
}

async function issue(kind: 'control' | 'read_only'): Promise<string> {
	const { email, password } = installation;
	const answer = await fetch(`${product.url}/api/admin/tokens`, {
		method: 'POST',
		headers: {
			cookie: await signIn(product.url, email, password),
			origin: product.url,
			'content-type': 'application/json',
		},
		body: JSON.stringify({
			name: kind,
			kind,
			deviceIds: null,
			expiresInDays: 1,
			confirm: 'Confirm',
		}),
	});
	return z.object({ token: z.string() }).parse(await answer.json()).token;
}

/** Sends a request as a program does. */
async function send(
	token: string,
	deviceId: DeviceId,
	what: string,
	request: { method?: string; body?: unknown; key?: string } = {},
): Promise<Answer> {
	const { body, key, method = body === undefined ? 'GET' : 'POST' } = request;
	const answer = await fetch(`${product.url}/api/v1/devices/${deviceId}/${what}`, {
		method,
		headers: {
			authorization: `Bearer ${token}`,
			...(body !== undefined && { 'content-type': 'application/json' }),
			...(key !== undefined && { 'idempotency-key': key }),
		},
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const reply = z.record(z.string(), z.unknown()).parse(await answer.json());
	return { status: answer.status, body: reply };
}

/** Waits until a command of a program has come to its end. */
async function ended(token: string, { body }: Answer): Promise<unknown> {
	const shown = () => send(token, 'XP-REST', `commands/${String(body.command_id)}`);
	return until(async () => {
		const command = await shown();
		expect(command.body.ended_at).toEqual(expect.any(String));
		return command.body.state;
	}, patienceMs);
}

test('a program with a control-enabled token does the same, one without is refused', async () => {
	const [control, readOnly] = await Promise.all([issue('control'), issue('read_only')]);
	await until(
		async () =>
			expect((await send(readOnly, 'XP-REST', 'status')).body).toMatchObject({
				run_state: 'standby',
			}),
		patienceMs,
	);
	for (const refused of [
		await send(readOnly, 'XP-REST', 'commands', { body: { command: 'start' } }),
		await send(readOnly, 'XP-REST', 'settings', {
			method: 'PATCH',
			body: { settings: { low_battery_start_v: 11.5 } },
		}),
	])
		expect(refused).toMatchObject({ status: 403, body: { code: 'token_read_only' } });
	expect(await send(control, 'XP-REST', 'commands', { body: { command: 'stop' } })).toMatchObject({
		status: 409,
		body: {
			code: 'command_interlocked',
			detail: 'Stop is not safe now: the engine does not run. Try again when that has changed.',
		},
	});
	expect(
		await send(control, 'XP-SILENT', 'commands', { body: { command: 'start' } }),
	).toMatchObject({ status: 409, body: { code: 'command_interlocked' } });

	const started = await send(control, 'XP-REST', 'commands', { body: { command: 'start' } });
	expect(started).toMatchObject({ status: 202, body: { command: 'start', value: null } });
	expect(await ended(control, started)).toBe('done');
	await until(
		async () =>
			expect((await send(readOnly, 'XP-REST', 'telemetry')).body).toMatchObject({
				values: { run_state: 'running' },
			}),
		patienceMs,
	);
	const standby = { body: { command: 'return_to_standby' } };
	expect(await ended(control, await send(control, 'XP-REST', 'commands', standby))).toBe('done');

	const before = await send(readOnly, 'XP-REST', 'settings');
	expect(before).toMatchObject({
		status: 200,
		body: {
			device_id: 'XP-REST',
			family: 'x_pro',
			settings: {
				low_battery_start_v: {
					value: 12,
					unit: 'V',
					min: 9,
					max: 57,
					step: 0.1,
					source: 'reported',
				},
				schedule: { value: 'off', unit: null, min: null },
			},
		},
	});
	const wrong = await send(control, 'XP-REST', 'settings', {
		method: 'PATCH',
		body: { settings: { low_battery_start_v: 15 } },
	});
	expect(wrong).toMatchObject({
		status: 400,
		body: { code: 'invalid_input', fields: [{ path: 'body.settings.low_battery_start_v' }] },
	});
	const change = {
		method: 'PATCH',
		body: { settings: { low_battery_start_v: 11.5, schedule: '06:00-22:00' } },
		key: 'settings-1',
	};
	const changed = await send(control, 'XP-REST', 'settings', change);
	expect(changed).toMatchObject({
		status: 202,
		body: { command: 'settings', value: { low_battery_start_v: 11.5, schedule: '06:00-22:00' } },
	});
	expect(await ended(control, changed)).toBe('done');
	expect(await send(control, 'XP-REST', 'settings', change)).toMatchObject({
		status: 202,
		body: { command_id: changed.body.command_id },
	});
	await until(
		async () =>
			expect((await send(readOnly, 'XP-REST', 'settings')).body).toMatchObject({
				settings: {
					low_battery_start_v: { value: 11.5 },
					schedule: { value: '06:00-22:00' },
					high_battery_cutoff_v: { value: 14.8, source: 'reported' },
				},
			}),
		patienceMs,
	);
	const audit = await db.pool.query(
		`select before, after from audit_entry where subject_id = 'XP-REST' and after ->> 'name' = 'settings'`,
	);
	expect(audit.rows).toMatchObject([
		{
			before: { low_battery_start_v: 12, schedule: 'off' },
			after: { value: { low_battery_start_v: 11.5, schedule: '06:00-22:00' } },
		},
	]);
}, 300_000);
