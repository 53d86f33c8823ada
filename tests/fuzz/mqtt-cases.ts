import fc from 'fast-check';
import { telemetryTopic } from '#contract/device-topics.ts';
import {
	announcement,
	type Connect,
	type Credentials,
	connectPacket,
	packetType,
	pingPacket,
	publishPacket,
	subscribePacket,
} from '../attack/device-wire.ts';
import { resultBody, telemetryBody } from './bodies.ts';
import { cuts, damaged, inPieces } from './damage.ts';
import { awkwardText } from './texts.ts';

/** Everything that one connection sends, in the pieces in which it goes out. */
export interface MqttCase {
	readonly pieces: readonly Buffer[];
	/** Say goodbye, or only stop sending, or reset. */
	readonly ending: 'disconnect' | 'finish' | 'break';
	/** Pieces sent as text, where the carrier knows such. */
	readonly asText: boolean;
}

const disconnectPacket = Buffer.from([0xe0, 0]);

/** @param device whose key is known @param foreign another's id */
export function mqttCases(device: Credentials, foreign: string): fc.Arbitrary<MqttCase> {
	const topics = fc.oneof(
		{ arbitrary: fc.constant(telemetryTopic(device.deviceId)), weight: 8 },
		{
			arbitrary: fc.constantFrom(
				'',
				'\0',
				'#',
				'+',
				'qd/v1/+/telemetry',
				`${telemetryTopic(device.deviceId)}\0`,
				`${telemetryTopic(device.deviceId)}/#`,
				telemetryTopic(foreign),
				`qd/v1/${device.deviceId}/command`,
				`qd/v1/${device.deviceId}/command//result`,
				'$SYS/broker',
				'$share/a/#',
				'/'.repeat(20_000),
			),
			weight: 2,
		},
		{ arbitrary: awkwardText.map((text) => text.slice(0, 10_000)), weight: 1 },
		{
			arbitrary: fc
				.stringMatching(/^[a-z0-9-]{1,12}$/)
				.map((id) => `qd/v1/${device.deviceId}/command/${id}/result`),
			weight: 2,
		},
	);
	const packetId = fc.oneof(fc.constantFrom(0, 1, 1, 2, 0xffff), fc.nat(0xffff));
	const publish = fc
		.tuple(
			topics,
			fc.oneof(telemetryBody, resultBody),
			fc.constantFrom(0, 1, 2),
			packetId,
			fc.boolean(),
		)
		.map(([topic, body, quality, id, retain]) =>
			publishPacket(topic, body, quality === 0 ? 0 : quality === 1 ? 1 : 2, id, retain),
		);
	const subscribe = fc
		.tuple(packetId, fc.array(topics, { maxLength: 5 }))
		.map(([id, filters]) => subscribePacket(id, filters));
	const acknowledging = fc
		.tuple(fc.constantFrom(0x40, 0x50, 0x62, 0x70, 0xa2, 0xb0, 0x20, 0x90, 0xf0, 0x00), packetId)
		.map(([first, id]) => Buffer.from([first, 2, id >> 8, id & 0xff]));
	const hugeAnnouncement = fc
		.tuple(fc.nat(255), fc.constantFrom(65_537, 1_048_577, 268_435_455))
		.map(([first, length]) => announcement(first, length));
	const endlessLength = fc
		.nat(255)
		.map((first) => Buffer.from([first, 0xff, 0xff, 0xff, 0xff, 0xff]));
	const whole = fc.oneof(
		{ arbitrary: publish, weight: 6 },
		{ arbitrary: subscribe, weight: 2 },
		{ arbitrary: acknowledging, weight: 2 },
		{ arbitrary: fc.constantFrom(pingPacket, disconnectPacket), weight: 1 },
	);
	const step = fc.oneof(
		{ arbitrary: whole, weight: 8 },
		{ arbitrary: damaged(whole), weight: 4 },
		{ arbitrary: fc.oneof(hugeAnnouncement, endlessLength), weight: 1 },
		{ arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
	);
	const right: Connect = {
		clientId: device.deviceId,
		userName: device.deviceId,
		password: device.key,
	};
	const will = fc.record({ topic: topics, body: telemetryBody.map(String) });
	const connect = fc.oneof(
		{ arbitrary: fc.constant(connectPacket(right)), weight: 6 },
		{
			arbitrary: fc
				.record({
					clientId: awkwardText,
					keepAliveSeconds: fc.constantFrom(0, 1, 0xffff),
					cleanSession: fc.boolean(),
					will: fc.option(will, { nil: undefined }),
				})
				.map(({ will: given, ...parts }) =>
					connectPacket({ ...right, ...parts, ...(given && { will: bounded(given) }) }),
				),
			weight: 4,
		},
		{ arbitrary: damaged(fc.constant(connectPacket(right))), weight: 2 },
		{
			arbitrary: fc
				.record({ clientId: awkwardText, userName: awkwardText, password: awkwardText })
				.map(connectPacket),
			weight: 1,
		},
		{ arbitrary: fc.constant(Buffer.alloc(0)), weight: 1 },
	);
	return fc
		.record({
			connect,
			steps: fc.array(step, { maxLength: 8 }),
			cuts,
			ending: fc.constantFrom('disconnect' as const, 'finish' as const, 'break' as const),
			asText: fc.nat(19).map((one) => one === 0),
		})
		.map(({ connect: first, steps, cuts: at, ending, asText }) => ({
			pieces: inPieces(Buffer.concat([first, ...steps]), at),
			ending,
			asText,
		}));
}

/** A text's length is written in 16 bits. */
function bounded({ topic, body }: { topic: string; body: string }): {
	topic: string;
	body: string;
} {
	return { topic, body: body.slice(0, 10_000) };
}

/** Acknowledgements among what the server sent. */
export function countAcknowledged(sent: Buffer): number {
	let acknowledged = 0;
	let place = 0;
	while (place + 1 < sent.length) {
		let [length, digits] = [0, 0];
		for (;;) {
			const byte = sent[place + 1 + digits];
			if (byte === undefined) return acknowledged;
			length += (byte & 0x7f) * 0x80 ** digits;
			digits++;
			if (byte < 0x80) break;
		}
		const type = (sent[place] ?? 0) >> 4;
		if (type === packetType.puback || type === packetType.pubrec) acknowledged++;
		place += 1 + digits + length;
	}
	return acknowledged;
}
