import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { belongsAlike } from '#contract/scope.ts';
import { activityStatus } from '#contract/status.ts';
import { DeviceEdges } from '#ingest/edge/edges.ts';
import { readCertificates } from '#ingest/edge/tls-files.ts';
import { Road } from '#ingest/road.ts';
import { booleanOf, numberOf, type Snapshot, textOf } from '#ingest/snapshot.ts';
import { activityOf } from '#ingest/status-inputs.ts';
import { readAllSnapshots } from '#ingest/store/snapshots.ts';
import { DeviceFeed } from '#live/device-feed.ts';
import { FleetIndex, type IndexedState } from '#live/fleet-index.ts';
import { FleetQueries } from '#live/fleet-queries.ts';
import { LiveHub } from '#live/hub.ts';
import { createAccess } from '#modules/access/server/index.ts';
import { auditTable, serveAuditRoutes } from '#modules/audit/server/index.ts';
import { commandKinds } from '#modules/commands/contract.ts';
import {
	commandReaction,
	createCommands,
	settingsReaction,
} from '#modules/commands/server/index.ts';
import { createConnections } from '#modules/connections/server/index.ts';
import { serveCustomerRoutes } from '#modules/customers/server/index.ts';
import {
	type StateWord,
	serveDeviceRoutes,
	serveDeviceTopics,
	stateOf,
} from '#modules/devices/server/index.ts';
import {
	type DeviceWord,
	NameOrder,
	readFleetDevices,
	serveFleetExport,
	serveFleetRoutes,
	serveFleetTopics,
} from '#modules/fleet/server/index.ts';
import { serveLocations } from '#modules/locations/server/index.ts';
import { FleetMap } from '#modules/map/server/index.ts';
import { serveOrganizationRoutes } from '#modules/organization/server/index.ts';
import { serveOutbox } from '#modules/outbox/server/index.ts';
import { createParked } from '#modules/parked/server/index.ts';
import { servePreferenceRoutes } from '#modules/preferences/server/index.ts';
import {
	createProducts,
	firmwareReaction,
	serveDeviceRegistry,
} from '#modules/products/server/index.ts';
import { removeOldReplies, servePublicApi } from '#modules/public-api/server/index.ts';
import { createSetup, type DemoUser } from '#modules/setup/server/index.ts';
import { createTokens } from '#modules/tokens/server/index.ts';
import { inviteAdmin, serveUsers } from '#modules/users/server/index.ts';
import { systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import { createDatabase, createPool } from '#platform/database/connect.ts';
import { createDatabaseHealth } from '#platform/database/health.ts';
import { migrate } from '#platform/database/migrate.ts';
import { handOver } from '#platform/database/server-role.ts';
import { bearerToken } from '#platform/http/bearer.ts';
import { serveHealth, serveMetrics } from '#platform/http/health.ts';
import { readOwnTiles, serveOwnTiles } from '#platform/http/own-tiles.ts';
import { servePages } from '#platform/http/pages.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { startJobs } from '#platform/jobs.ts';
import type { Log } from '#platform/log.ts';
import { createMailSender } from '#platform/mail/create-sender.ts';
import { createMetrics } from '#platform/metrics.ts';
import { DemoDevices } from './demo-devices.ts';
import { recallHistory } from './demo-history.ts';

const migrationsDir = join(import.meta.dirname, '../migrations');
const drivesDir = join(import.meta.dirname, '../data/twizy-rsk');
/** Connections for pages and edges; lanes and jobs have their own. */
const poolSize = 20;
/** How often devices are looked for whose silence has changed their status. */
const sweepIntervalMs = 1_000;
/** API requests that one address may send in a minute: a busy office behind one address, not a flood. */
const requestsPerMinute = 1_200;

export interface ComposeOptions {
	readonly config: Config;
	readonly databaseUrl: string;
	/** Who owns the database, where that is somebody else than who works with it. */
	readonly owner: DatabaseOwner | null;
	readonly version: string;
	readonly log: Log;
	/** Folder with the built pages. */
	readonly webDir: string;
}

export interface DatabaseOwner {
	readonly url: string;
	/** Role of {@link ComposeOptions.databaseUrl}. */
	readonly serverRole: string;
}

export interface Product {
	readonly httpPort: number;
	readonly mqttPort: number;
	/** Null without a certificate. */
	readonly mqttsPort: number | null;
	readonly osmandPort: number;
	/** Path with the one-time token under which the installation is set up; null once it is. */
	readonly setupLink: string | null;
	/** Sets up the demo fleet. @returns its sign-ins, or null when the installation was set up before */
	setUpDemo(): Promise<readonly DemoUser[] | null>;
	close(): Promise<void>;
}

/** Puts the parts together and starts them: migrates, fills the index, opens the edges, listens. */
export async function compose(options: ComposeOptions): Promise<Product> {
	const { config, log } = options;
	const clock = systemClock;
	const certificates = config.mqttTls && (await readCertificates(config.mqttTls));
	const { basemapPmtiles } = config;
	const ownTiles = basemapPmtiles === null ? null : await readOwnTiles(basemapPmtiles);
	const pool = createPool(options.databaseUrl, 'quarterdeck', poolSize);
	await prepareDatabase(pool, options.owner);
	const database = createDatabase(pool);
	const health = createDatabaseHealth({ pool, log });
	const metrics = createMetrics();

	const index = new FleetIndex();
	const queries = new FleetQueries(index, log);
	const names = new NameOrder(pool, index, log);
	const feed = new DeviceFeed<DeviceWord>();
	const stateFeed = new DeviceFeed<StateWord>();
	const factFeed = new DeviceFeed<number>();
	const map = new FleetMap({ database, index, clock, log });
	const takeIn = (snapshot: Snapshot): void => {
		const { deviceNo } = snapshot.registration;
		index.update(deviceNo, indexedState(snapshot), clock());
		if (feed.isWatched(deviceNo)) feed.put(deviceNo, wordOf(snapshot));
		if (stateFeed.isWatched(deviceNo)) stateFeed.put(deviceNo, stateOf(snapshot));
		map.touch(deviceNo);
	};
	const placeAnew = (deviceNo: number, snapshot: Snapshot | null): void => {
		const before = index.belonging(deviceNo);
		map.replaced(deviceNo, before);
		if (snapshot === null) index.remove(deviceNo);
		else {
			index.place(snapshot.registration, clock());
			takeIn(snapshot);
		}
		if (!belongsAlike(before, index.belonging(deviceNo))) connections.changedHands(deviceNo);
		names.changed();
		feed.touch(deviceNo);
		stateFeed.touch(deviceNo);
	};

	const commands = createCommands({
		database,
		clock,
		log,
		kinds: commandKinds,
		outlet: {
			takesCommands: (deviceNo) => edges.takesCommands(deviceNo),
			sendCommand: (command) => edges.sendCommand(command),
		},
	});
	const road = new Road({
		databaseUrl: options.databaseUrl,
		pool,
		retentionDays: config.readingsRetentionDays,
		packAfterDays: config.readingsPackAfterDays,
		reactions: [firmwareReaction, settingsReaction],
		resultReactions: [commandReaction],
		counters: metrics.chain,
		clock,
		log,
		onCommitted: (snapshots, facts) => {
			metrics.committed(snapshots.length);
			for (const snapshot of snapshots) takeIn(snapshot);
			commands.factsCommitted(facts);
			for (const { device, atMs } of facts)
				if (factFeed.isWatched(device.deviceNo)) factFeed.put(device.deviceNo, atMs);
		},
		onChanged: placeAnew,
		onDatabase: health.report,
	});
	const connections = createConnections({ database, index, clock, log });
	const edges = new DeviceEdges({
		bus: road.bus,
		pool,
		clock,
		log,
		limits: config.deviceLimits,
		observer: connections.observer,
		isDatabaseUp: health.isUp,
		onListening: commands.deviceListens,
		onArrived: commands.commandArrived,
		counters: metrics.edge,
	});

	const parked = createParked({ database, bus: road.bus, clock, log });
	const products = createProducts(database, async (deviceNos) => {
		await Promise.all(deviceNos.map((deviceNo) => road.bus.change(deviceNo)));
	});
	const demoDevices = new DemoDevices({
		credentialsFile: join(config.dataDir, 'demo-devices.json'),
		log,
	});
	const setup = await createSetup({
		database,
		products,
		dataDir: config.dataDir,
		clock,
		log,
		recall: (devices) => recallHistory(road.bus, devices, drivesDir, clock()),
		onDemoFleet: () => demoDevices.start(mqttPort),
	});
	const tokens = createTokens({ pool, database, clock });
	const access = await createAccess({
		pool,
		database,
		dataDir: config.dataDir,
		publicUrl: config.publicUrl,
		providerHosts: config.signInProviderHosts,
		version: options.version,
		ownTiles,
		clock,
		log,
		needsSetup: setup.needsSetup,
		onChanged: (userId) => {
			tokens.forgetAll();
			hub.recheck(userId);
		},
	});

	const mails = createMailSender({ database, smtp: config.smtp, dataDir: config.dataDir, log });
	const http = await createHttpServer({
		log,
		publicUrl: config.publicUrl,
		version: options.version,
		identify: (request) => {
			const token = bearerToken(request.headers);
			return token === null
				? access.identify(request.headers, request.host)
				: tokens.identify(token, request);
		},
		isDatabaseUp: health.isUp,
		requestsPerMinute,
	});
	let flushFleet = (): void => {};
	const hub = new LiveHub({
		isDatabaseUp: health.isUp,
		onFlush: () => {
			flushFleet();
			stateFeed.flush();
			connections.flush();
			factFeed.flush();
			map.flush();
		},
	});
	await hub.register(http);
	access.serve(http);
	setup.serve(http);
	tokens.serve(http);
	await servePublicApi(http, { database, index, queries, clock, commands });
	servePreferenceRoutes(http, database);
	serveFleetRoutes(http, { database, index, queries, clock });
	serveFleetExport(http, { pool, database, index, queries, clock });
	({ flush: flushFleet } = serveFleetTopics({
		hub,
		index,
		feed,
		log,
		readDevices: (scope, deviceNos) => readFleetDevices(database, scope, deviceNos, clock()),
	}));
	commands.serve(http, hub);
	connections.serve(http, hub);
	parked.serve(http);
	serveAuditRoutes(http, { pool, database });
	serveOrganizationRoutes(http, {
		pool,
		database,
		inviteAdmin: (transaction, admin) => inviteAdmin(transaction, access.sendActivation, admin),
		changed: access.changed,
	});
	serveUsers(http, {
		pool,
		database,
		sendActivation: access.sendActivation,
		accessChanged: access.changed,
	});
	serveOutbox(http, database);
	serveCustomerRoutes(http, {
		pool,
		database,
		customersChanged: (organizationNo) => map.placesChanged(organizationNo),
	});
	serveLocations(http, {
		pool,
		database,
		countDevices: (scope) => map.countByLocation(scope),
		locationsChanged: (organizationNo) => map.placesChanged(organizationNo),
	});
	serveDeviceRegistry(http, {
		pool,
		database,
		log,
		announce: products.announce,
		disconnect: (deviceNo) => edges.disconnect(deviceNo, 'key_changed'),
	});
	serveDeviceRoutes(http, { database, index, clock });
	serveDeviceTopics({ hub, index, feed: stateFeed, facts: factFeed, database, log });
	map.serve(http, hub);
	edges.serve(http);
	serveHealth(http, {
		isDatabaseUp: health.isUp,
		isBrokerUp: () => edges.isListening,
		lagMs: () => road.bus.depth(clock()).lagMs,
	});
	metrics.observe({
		mqttConnections: () => edges.connections,
		liveConnections: () => hub.connections,
		devices: () => index.devices,
		busBytes: () => road.bus.depth(clock()).bytes,
		lagMs: () => road.bus.depth(clock()).lagMs,
	});
	serveMetrics(http, metrics.registry);
	await servePages(http, options.webDir);
	if (basemapPmtiles !== null) serveOwnTiles(http, basemapPmtiles);

	await fillIndex(pool, placeAnew);
	health.start();
	await road.start();
	await connections.start();
	const jobs = await startJobs({ databaseUrl: options.databaseUrl, log });
	await jobs.every('readings-upkeep', '17 * * * *', () => road.maintain());
	await jobs.every('connections-upkeep', '41 3 * * *', () => connections.maintain());
	await jobs.every('sessions-upkeep', '41 * * * *', access.maintain);
	await jobs.every('idempotency-upkeep', '29 * * * *', () => removeOldReplies(database));
	await jobs.every('mails-upkeep', '*/10 * * * *', () => mails.maintain());
	await jobs.every('readings-pack', '*/10 * * * *', () => road.pack());
	mails.start();
	hub.start();
	const sweep = setInterval(() => {
		for (const deviceNo of index.sweep(clock())) {
			feed.touch(deviceNo);
			stateFeed.touch(deviceNo);
			map.touch(deviceNo);
		}
	}, sweepIntervalMs);
	const { mqttPort, mqttsPort, osmandPort } = await edges.listen({
		host: '0.0.0.0',
		mqttPort: config.mqttPort,
		osmandPort: config.osmandPort,
		tls: certificates && { port: config.mqttsPort, certificates },
	});
	const httpPort = await listen(http, config.httpPort);
	if (await setup.hasDemoFleet()) demoDevices.start(mqttPort);

	return {
		httpPort,
		mqttPort,
		mqttsPort,
		osmandPort,
		setupLink: await setup.link(),
		setUpDemo: setup.setUpDemo,
		async close() {
			clearInterval(sweep);
			await demoDevices.stop();
			await edges.close();
			await connections.stop();
			hub.stop();
			await http.close();
			await access.stop();
			await mails.stop();
			names.stop();
			await queries.stop();
			await map.stop();
			parked.stop();
			await road.stop();
			await jobs.stop();
			health.stop();
			await pool.close();
		},
	};
}

/** Brings the database to this version, as its owner, who keeps the audit log from whoever works with the rest. */
async function prepareDatabase(pool: pg.Pool, owner: DatabaseOwner | null): Promise<void> {
	if (owner === null) {
		await migrate(pool, migrationsDir);
		return;
	}
	const ownerPool = createPool(owner.url, 'quarterdeck-owner', 1);
	try {
		await migrate(ownerPool, migrationsDir);
		await handOver(ownerPool, owner.serverRole, [auditTable]);
	} finally {
		await ownerPool.close();
	}
}

/** Listens on every address of this machine. @returns the port, which the system chose when 0 was asked */
async function listen(http: FastifyInstance, port: number): Promise<number> {
	await http.listen({ port, host: '0.0.0.0' });
	const address = http.server.address();
	return typeof address === 'object' && address !== null ? address.port : port;
}

/** Reads every device's newest word before the first message comes, so that counts and rows are right at once. */
async function fillIndex(
	pool: pg.Pool,
	place: (deviceNo: number, snapshot: Snapshot) => void,
): Promise<void> {
	const client = await pool.connect();
	try {
		for await (const snapshots of readAllSnapshots(client))
			for (const snapshot of snapshots) place(snapshot.registration.deviceNo, snapshot);
	} finally {
		client.release();
	}
}

function heardAt({ lastHeardAtMs }: Snapshot): number | null {
	return lastHeardAtMs === Number.NEGATIVE_INFINITY ? null : lastHeardAtMs;
}

function indexedState(snapshot: Snapshot): IndexedState {
	const { values } = snapshot;
	return {
		revision: snapshot.revision,
		lastHeardAtMs: heardAt(snapshot),
		activity: activityStatus(activityOf(snapshot)),
		socPct: numberOf(values, 'soc_pct'),
		rangeKm: numberOf(values, 'range_km'),
		odometerKm: numberOf(values, 'odometer_km'),
		speedKmh: numberOf(values, 'speed_kmh'),
		signal: numberOf(values, 'signal'),
		firmware: textOf(values, 'firmware'),
		lat: numberOf(values, 'lat'),
		lon: numberOf(values, 'lon'),
		headingDeg: numberOf(values, 'heading_deg'),
	};
}

function wordOf(snapshot: Snapshot): DeviceWord {
	const { values } = snapshot;
	return {
		deviceNo: snapshot.registration.deviceNo,
		lastHeardAtMs: heardAt(snapshot),
		clockWrong: snapshot.clockWrong,
		ignition: booleanOf(values, 'ignition'),
		charging: booleanOf(values, 'charging'),
		speedKmh: numberOf(values, 'speed_kmh'),
		socPct: numberOf(values, 'soc_pct'),
		rangeKm: numberOf(values, 'range_km'),
		odometerKm: numberOf(values, 'odometer_km'),
		batteryV: numberOf(values, 'battery_v'),
		signal: numberOf(values, 'signal'),
		firmware: textOf(values, 'firmware'),
		runState: textOf(values, 'run_state'),
		engineTempC: numberOf(values, 'engine_temp_c'),
		totalHours: numberOf(values, 'total_hours'),
		totalKwh: numberOf(values, 'total_kwh'),
		lat: numberOf(values, 'lat'),
		lon: numberOf(values, 'lon'),
	};
}
