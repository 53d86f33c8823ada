import { setTimeout as delay } from 'node:timers/promises';
import type { FleetUnderFault } from '../faults/fleet-under-fault.ts';
import type { ProductUnderFault } from '../faults/product-under-fault.ts';
import type { Storm } from '../faults/storm.ts';

/** What a fault may befall, and numbers from 0 to below 1 that decide its details. */
export interface Befallen {
	readonly product: ProductUnderFault;
	readonly fleet: FleetUnderFault;
	readonly storm: Storm;
	readonly chance: () => number;
}

/** A fault, from its beginning to the moment from which all must go on by itself. */
export interface SoakFault {
	readonly name: string;
	befall(befallen: Befallen): Promise<void>;
}

const longestFreezeMs = 20_000;
const longestHangMs = 2_000;
const stormPatienceMs = 120_000;

/** Faults that the server lives through. */
export const survivedFaults: readonly SoakFault[] = [
	{
		name: 'PostgreSQL killed',
		async befall({ product }) {
			process.kill(await product.postmasterPid(), 'SIGKILL');
		},
	},
	{
		name: 'PostgreSQL restarted by hand',
		async befall({ product }) {
			process.kill(await product.postmasterPid(), 'SIGINT');
		},
	},
	{
		name: 'session of a lane killed',
		async befall({ product }) {
			process.kill(await product.laneBackendPid(), 'SIGKILL');
		},
	},
	{
		name: 'PostgreSQL hangs',
		async befall({ product, chance }) {
			await product.freezePostgres();
			await delay(chance() * longestFreezeMs);
			await product.thawPostgres();
		},
	},
	{
		name: 'connections broken',
		async befall({ fleet, chance }) {
			for (const device of fleet.devices) if (chance() < 0.5) device.breakConnection();
		},
	},
	{
		name: 'all connections broken at once',
		async befall({ fleet, storm }) {
			for (const device of fleet.devices) device.breakConnection();
			await storm.breakConnections(stormPatienceMs);
		},
	},
];

/** Faults that end the server; it is started again. */
export const endingFaults: readonly SoakFault[] = [
	{
		name: 'server killed',
		async befall({ product }) {
			await product.endServer('SIGKILL');
			await product.startServer();
		},
	},
	{
		name: 'server stopped and started',
		async befall({ product }) {
			await product.endServer('SIGTERM');
			await product.startServer();
		},
	},
	{
		name: 'server and PostgreSQL killed',
		async befall({ product }) {
			process.kill(await product.postmasterPid(), 'SIGKILL');
			await product.endServer('SIGKILL');
			await product.startServer();
		},
	},
	{
		name: 'server killed while its commits hang',
		async befall({ product, chance }) {
			await product.letCommitsHang();
			await delay(chance() * longestHangMs);
			await product.endServer('SIGKILL');
			// A commit that hangs holds up the start, until it is done.
			const started = product.startServer();
			await product.letCommitsGoOn();
			await started;
		},
	},
];
