import { expect, test } from 'vitest';
import type { DeviceReceived } from '#ingest/edge/observer.ts';
import { type TailMessage, tailBodyBytes, tailLength } from '../contract.ts';
import { Tails } from './tails.ts';

let nowMs = 0;
const said = (deviceNo: number, body: string): DeviceReceived => ({
	deviceNo,
	transport: 'mqtt',
	topic: 'qd/v1/EV-1/telemetry',
	body: Buffer.from(body),
	atMs: nowMs,
});
const text = ({ body }: TailMessage) => Buffer.from(body, 'base64').toString();

test('who follows a device hears each message once, and who comes later the last of them', () => {
	const tails = new Tails(() => nowMs);
	const [first, second]: string[][] = [[], []];
	tails.received(said(1, 'before'));
	const leave = tails.follow(1, (messages) => first?.push(...messages.map(text)));
	tails.received(said(1, 'one'));
	tails.received(said(2, 'another device'));
	tails.flush();
	tails.received(said(1, 'two'));
	tails.follow(1, (messages) => second?.push(...messages.map(text)));
	tails.flush();
	tails.flush();
	leave();
	tails.received(said(1, 'three'));
	tails.flush();
	expect(first).toEqual(['one', 'two']);
	expect(second).toEqual(['one', 'two', 'three']);
});

test('a tail keeps so many messages, and of a body its beginning', () => {
	const tails = new Tails(() => nowMs);
	const heard: TailMessage[] = [];
	tails.follow(1, (messages) => heard.push(...messages));
	for (let count = 0; count < tailLength + 10; count++) tails.received(said(1, `${count}`));
	tails.flush();
	expect(heard.map(text)).toEqual(
		Array.from({ length: tailLength }, (_, place) => `${place + 10}`),
	);
	tails.received(said(1, 'x'.repeat(tailBodyBytes + 1)));
	tails.flush();
	expect(heard.at(-1)).toMatchObject({ sizeBytes: tailBodyBytes + 1 });
	expect(heard.slice(-1).map(text).join('')).toHaveLength(tailBodyBytes);
});

test('what nobody has followed for a while is forgotten', () => {
	const tails = new Tails(() => nowMs);
	tails.follow(1, () => {})();
	tails.received(said(1, 'old'));
	tails.flush();
	nowMs += 11 * 60_000;
	tails.flush();
	const heard: string[] = [];
	tails.follow(1, (messages) => heard.push(...messages.map(text)));
	expect(heard).toEqual([]);
});
