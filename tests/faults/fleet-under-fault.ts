import { type TestContext, vi } from 'vitest';
import { ProductUnderFault, type ProductUnderFaultOptions } from './product-under-fault.ts';
import { ReportingDevice, type ReportingDeviceOptions } from './reporting-device.ts';
import { expectAcknowledgedAreStored } from './stored.ts';

export function fleetIds(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `EV-${index + 1}`);
}

/** Starts a product and lets all its devices report, until the test has ended. */
export async function startUnderFault(
	{ onTestFinished }: Pick<TestContext, 'onTestFinished'>,
	options: ProductUnderFaultOptions,
	deviceOptionsOf?: (index: number) => ReportingDeviceOptions,
): Promise<{ product: ProductUnderFault; fleet: FleetUnderFault }> {
	const product = await ProductUnderFault.start(options);
	const fleet = new FleetUnderFault(product, options.deviceIds, deviceOptionsOf);
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
		for (const device of this.devices) device.report();
	}

	get acknowledged(): number {
		return this.devices.reduce((sum, device) => sum + device.acknowledged.length, 0);
	}

	/** Waits until every device has had so many more readings acknowledged. */
	async eachAcknowledged(more: number, timeout = 60_000): Promise<void> {
		const goals = this.devices.map((device) => device.acknowledged.length + more);
		await vi.waitFor(
			() => {
				const behind = this.devices.filter(
					(device, index) => device.acknowledged.length < (goals[index] ?? 0),
				);
				if (behind.length > 0)
					throw new Error(
						`${behind.length} of ${this.devices.length} devices wait for acknowledgements, ${behind.filter((device) => !device.isConnected).length} of them without a connection`,
					);
			},
			{ timeout, interval: 20 },
		);
	}

	/** Lets every device finish, then compares what they were told with what is stored. */
	async finish(): Promise<void> {
		await Promise.all(this.devices.map((device) => device.finish()));
		await expectAcknowledgedAreStored(this.#product, this.devices);
	}

	async end(): Promise<void> {
		await Promise.all(this.devices.map((device) => device.end()));
	}
}
