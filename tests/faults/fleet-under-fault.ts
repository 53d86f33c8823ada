import { expect, type TestContext } from 'vitest';
import { until } from '../harness/until.ts';
import { ProductUnderFault, type ProductUnderFaultOptions } from './product-under-fault.ts';
import { ReportingDevice, type ReportingDeviceOptions } from './reporting-device.ts';
import { expectStored, expectStoredOnce } from './stored.ts';

export function fleetIds(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `EV-${index + 1}`);
}

/** Starts a product and lets all its devices, or those named, report until the test has ended. */
export async function startUnderFault(
	{ onTestFinished }: Pick<TestContext, 'onTestFinished'>,
	options: ProductUnderFaultOptions,
	deviceOptionsOf?: (index: number) => ReportingDeviceOptions,
	reportingIds = options.deviceIds,
): Promise<{ product: ProductUnderFault; fleet: FleetUnderFault }> {
	const product = await ProductUnderFault.start(options);
	const fleet = new FleetUnderFault(product, reportingIds, deviceOptionsOf);
	onTestFinished(async () => {
		await fleet.end();
		await product.close();
	});
	return { product, fleet };
}

/** Devices that all report at once. */
export class FleetUnderFault {
	readonly devices: readonly ReportingDevice[];
	readonly #product: ProductUnderFault;

	constructor(
		product: ProductUnderFault,
		deviceIds: readonly string[],
		optionsOf: (index: number) => ReportingDeviceOptions = () => ({}),
	) {
		this.#product = product;
		this.devices = deviceIds.map(
			(deviceId, index) => new ReportingDevice(product, deviceId, optionsOf(index)),
		);
		this.report();
	}

	/** Lets every device begin to report, or go on. */
	report(): void {
		for (const device of this.devices) device.report();
	}

	get acknowledged(): number {
		return this.devices.reduce((sum, device) => sum + device.acknowledged.length, 0);
	}

	/** How often a connection has ended, over all devices. */
	get breaks(): number {
		return this.devices.reduce((sum, device) => sum + device.breaks, 0);
	}

	/** Waits until every device that reports has had so many more readings acknowledged. */
	async eachAcknowledged(more: number, timeout = 120_000): Promise<void> {
		const reporting = this.devices.filter((device) => device.isReporting);
		const goals = reporting.map((device) => device.acknowledged.length + more);
		await until(() => {
			const behind = reporting.filter(
				(device, index) => device.acknowledged.length < (goals[index] ?? 0),
			);
			if (behind.length > 0)
				throw new Error(
					`${behind.length} of ${reporting.length} devices wait for acknowledgements, ${behind.filter((device) => !device.isConnected).length} of them without a connection`,
				);
		}, timeout);
	}

	/** Waits until every device has its connection, and the server no other ones besides so many. */
	async allConnected(others = 0, timeout = 60_000): Promise<void> {
		await until(async () => {
			expect(this.devices.filter((device) => !device.isConnected)).toEqual([]);
			const connections = await this.#product.metric('mqtt_connections');
			expect(connections).toBe(this.devices.length + others);
		}, timeout);
	}

	/** Lets every device finish, then compares what they were told with what is stored. */
	async finish(): Promise<void> {
		await this.#finishReporting();
		await expectStored(this.#product, this.devices);
	}

	/** The same, where some readings bear times that no clock should have had: the state is left to the caller. */
	async finishAtWrongTimes(): Promise<void> {
		await this.#finishReporting();
		await expectStoredOnce(this.#product, this.devices);
	}

	async #finishReporting(): Promise<void> {
		await Promise.all(this.devices.map((device) => device.finish()));
	}

	async end(): Promise<void> {
		await Promise.all(this.devices.map((device) => device.end()));
	}
}
