import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What is read at the moment somebody collects. */
export interface Observed {
	readonly mqttConnections: () => number;
	readonly liveConnections: () => number;
	readonly devices: () => number;
	readonly busBytes: () => number;
	readonly lagMs: () => number;
}

/** What the server counts for Prometheus, besides the usual figures of a Node process. */
export interface Metrics {
	readonly registry: Registry;
	/** What the edge takes in and turns away. */
	readonly edge: {
		received(qos: number): void;
		dropped(reason: string): void;
		refused(reason: string): void;
	};
	/** What the chain leaves out. */
	readonly chain: {
		dropped(reason: string): void;
		impossibleValue(field: string): void;
		parked(reason: string): void;
		late(): void;
	};
	/** Devices whose new state a batch committed. */
	committed(devices: number): void;
	observe(observed: Observed): void;
}

export function createMetrics(): Metrics {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({ register: registry });
	const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
		new Counter<Label>({ name, help, labelNames, registers });

	const received = counter('device_messages_received_total', 'Messages devices published', 'qos');
	// Looked up once: each message counts, and looking up a label costs more than counting.
	const receivedByQos = [0, 1, 2].map((qos) => received.labels(String(qos)));
	const turnedAway = counter(
		'device_messages_dropped_total',
		'Messages the edge did not take in',
		'reason',
	);
	const refused = counter('device_connections_refused_total', 'Connections refused', 'reason');
	const dropped = counter('readings_dropped_total', 'Readings left out on purpose', 'reason');
	const impossible = counter(
		'reading_values_impossible_total',
		'Values left out of a reading because they cannot be',
		'field',
	);
	const parked = counter(
		'device_messages_parked_total',
		'Messages kept aside because they could not be read or stored',
		'reason',
	);
	const late = counter('readings_late_total', 'Readings that came after newer ones');
	const commits = counter('batches_committed_total', 'Batches committed');
	const committed = counter('device_states_committed_total', 'Device states committed');

	return {
		registry,
		edge: {
			received: (qos) => receivedByQos[qos]?.inc(),
			dropped: (reason) => turnedAway.inc({ reason }),
			refused: (reason) => refused.inc({ reason }),
		},
		chain: {
			dropped: (reason) => dropped.inc({ reason }),
			impossibleValue: (field) => impossible.inc({ field }),
			parked: (reason) => parked.inc({ reason }),
			late: () => late.inc(),
		},
		committed(devices) {
			commits.inc();
			committed.inc(devices);
		},
		observe(observed) {
			const gauge = (name: string, help: string, read: () => number) =>
				new Gauge({
					name,
					help,
					registers,
					collect() {
						this.set(read());
					},
				});
			gauge('mqtt_connections', 'Devices connected over MQTT', observed.mqttConnections);
			gauge('live_connections', 'Pages connected for live changes', observed.liveConnections);
			gauge('fleet_devices', 'Devices in the fleet index', observed.devices);
			gauge('bus_bytes', 'Bytes of messages that wait to be stored', observed.busBytes);
			gauge(
				'bus_lag_seconds',
				'Age of the oldest message that waits to be stored',
				() => observed.lagMs() / 1_000,
			);
		},
	};
}
