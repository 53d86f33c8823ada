import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import { problemSchema } from '#contract/faults.ts';
import { createMetrics } from '#platform/metrics.ts';
import { launchBrowser } from '../../../tests/harness/browser.ts';
import { createTestFolder } from '../../../tests/harness/folder.ts';
import { until } from '../../../tests/harness/until.ts';
import { serveHealth, serveMetrics } from './health.ts';
import { servePages } from './pages.ts';
import { serve } from './serve.ts';
import { createHttpServer } from './server.ts';

const openApps: FastifyInstance[] = [];
afterEach(async () => {
	await Promise.all(openApps.splice(0).map((app) => app.close()));
});

async function start(add: (app: FastifyInstance) => Promise<void> | void): Promise<string> {
	const app = await createHttpServer({
		log: pino({ level: 'silent' }),
		publicUrl: null,
		version: '1.2.3',
		isDatabaseUp: () => true,
		requestsPerMinute: 600,
		identify: async () => null,
	});
	openApps.push(app);
	await add(app);
	return app.listen({ host: '127.0.0.1', port: 0 });
}

const renameLamp = endpoint({
	method: 'POST',
	path: '/api/lamps/:lamp',
	summary: 'Renames a lamp',
	admits: ['admin'],
	params: z.object({ lamp: z.string() }),
	query: z.object({ dryRun: z.coerce.boolean().default(false) }),
	body: z.object({ name: z.string().max(20).describe('What the lamp is called') }),
	reply: z.object({ lamp: z.string() }),
});

function addLamps(app: FastifyInstance): void {
	serve(app, renameLamp, ({ params }) => params);
}

test('describes each served endpoint in an OpenAPI document', async () => {
	const url = await start(addLamps);
	const document = await (await fetch(`${url}/api/openapi.json`)).json();
	expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
	expect(Object.keys(document.paths)).toEqual(['/api/lamps/{lamp}']);
	const { post } = document.paths['/api/lamps/{lamp}'];
	expect(post).toMatchObject({
		summary: 'Renames a lamp',
		tags: ['lamps'],
		parameters: [
			{ name: 'dryRun', in: 'query', required: false },
			{ name: 'lamp', in: 'path', required: true },
		],
		requestBody: {
			content: {
				'application/json': {
					schema: {
						properties: { name: { maxLength: 20, description: 'What the lamp is called' } },
						required: ['name'],
					},
				},
			},
		},
		responses: {
			200: { content: { 'application/json': { schema: { required: ['lamp'] } } } },
			'4XX': { content: { 'application/problem+json': {} } },
		},
	});
});

test('the pages that show it load nothing from elsewhere and keep to their policy', async () => {
	const url = await start(addLamps);
	const browser = await launchBrowser();
	try {
		const page = await browser.newPage();
		page.setDefaultTimeout(60_000);
		const asked: string[] = [];
		const complaints: string[] = [];
		page.on('request', (request) => asked.push(request.url()));
		page.on('console', (message) => {
			// The pages' icon is not served here.
			const isIcon = /\/(favicon\.ico|brand\/icon)$/.test(message.location().url);
			if (message.type() === 'error' && !isIcon) complaints.push(message.text());
		});
		page.on('pageerror', (error) => complaints.push(error.message));
		await page.goto(`${url}/api/docs/`, { waitUntil: 'networkidle' });
		await page.getByText('Renames a lamp').first().waitFor();
		expect(
			asked.filter((address) => !address.startsWith(url) && !/^(data|blob):/.test(address)),
		).toEqual([]);
		expect(complaints).toEqual([]);
	} finally {
		await browser.close();
	}
});

test('says whether it can do its work', async () => {
	const probes = { isDatabaseUp: true, isBrokerUp: true, lagMs: 12 };
	const url = await start((app) =>
		serveHealth(app, {
			isDatabaseUp: () => probes.isDatabaseUp,
			isBrokerUp: () => probes.isBrokerUp,
			lagMs: () => probes.lagMs,
		}),
	);
	const ask = async () => {
		const answer = await fetch(`${url}/health`);
		return { code: answer.status, ...(await answer.json()) };
	};
	expect(await ask()).toEqual({ code: 200, status: 'up', database: 'up', broker: 'up', lagMs: 12 });
	probes.isDatabaseUp = false;
	expect(await ask()).toMatchObject({ code: 503, status: 'down', database: 'down', broker: 'up' });
	probes.isDatabaseUp = true;
	probes.isBrokerUp = false;
	expect(await ask()).toMatchObject({ code: 503, status: 'down', database: 'up', broker: 'down' });
});

test('gives metrics to this machine and to nobody behind a proxy', async () => {
	const metrics = createMetrics();
	metrics.edge.received(1);
	metrics.chain.dropped('repeat');
	metrics.committed(3);
	metrics.observe({
		mqttConnections: () => 7,
		liveConnections: () => 0,
		devices: () => 0,
		busBytes: () => 0,
		lagMs: () => 1500,
	});
	const url = await start((app) => serveMetrics(app, metrics.registry));
	await fetch(`${url}/nothing`);
	// A request is counted once its answer is out.
	await until(async () => {
		const text = await (await fetch(`${url}/metrics`)).text();
		for (const line of [
			'device_messages_received_total{qos="1"} 1',
			'readings_dropped_total{reason="repeat"} 1',
			'device_states_committed_total 3',
			'mqtt_connections 7',
			'bus_lag_seconds 1.5',
			'process_cpu_seconds_total',
			'http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
		])
			expect(text).toContain(line);
	});
	for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
		const answer = await fetch(`${url}/metrics`, { headers: { [header]: '127.0.0.1' } });
		expect(answer.status).toBe(404);
		expect(await answer.text()).not.toContain('mqtt');
	}
});

test('serves built pages: assets for ever, every page address by the shell', async () => {
	const folder = await createTestFolder();
	const script = `console.log(${JSON.stringify('x'.repeat(2000))})`;
	await mkdir(join(folder.path, 'assets'));
	await writeFile(join(folder.path, 'index.html'), '<!doctype html><title>Shell</title>');
	await writeFile(join(folder.path, 'mark.svg'), '<svg/>');
	await writeFile(join(folder.path, 'assets/main-1a2b.js'), script);
	await writeFile(join(folder.path, 'assets/main-1a2b.js.br'), brotliCompressSync(script));
	const url = await start((app) => servePages(app, folder.path));
	const page = { accept: 'text/html,application/xhtml+xml' };

	for (const path of ['/', '/fleet?q=1', '/fleet/devices/8686-1']) {
		const answer = await fetch(url + path, { headers: page });
		expect(answer.status).toBe(200);
		expect(await answer.text()).toContain('Shell');
		expect(answer.headers.get('cache-control')).toBe('no-cache');
		expect(answer.headers.get('content-type')).toContain('text/html');
		expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
	}
	const asset = await fetch(`${url}/assets/main-1a2b.js`, {
		headers: { 'accept-encoding': 'br' },
	});
	expect(asset.headers.get('content-encoding')).toBe('br');
	expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
	expect(await asset.text()).toBe(script);
	const mark = await fetch(`${url}/mark.svg`);
	expect(mark.headers.get('cache-control')).toBe('no-cache');
	expect(mark.headers.get('content-type')).toContain('svg');

	for (const path of ['/api/nothing', '/assets/gone-9.js']) {
		const answer = await fetch(url + path, { headers: page });
		expect([path, answer.status]).toEqual([path, 404]);
		expect(problemSchema.parse(await answer.json()).code).toBe('not_found');
	}
	const data = await fetch(`${url}/fleet`, { headers: { accept: 'application/json' } });
	expect(data.status).toBe(404);
	await folder.remove();
});
