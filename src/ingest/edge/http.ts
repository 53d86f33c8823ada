import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commandResultTopic, telemetryTopic } from '#contract/device-topics.ts';
import { type Fault, fault } from '#contract/faults.ts';
import { sendProblem } from '#platform/http/problem.ts';
import { type MessageContent, telemetry } from '../message.ts';
import { CommandPoll } from './command-poll.ts';
import type { AuthenticatedDevice } from './device-directory.ts';
import type { EdgeOptions } from './edge-options.ts';
import { RequestRoad } from './request-road.ts';

const longestWaitSeconds = 50;
const commandIdPattern = /^[A-Za-z0-9-]{1,64}$/;

const deviceParams = z.object({ deviceId: z.string() });
const resultParams = z.object({ commandId: z.string().regex(commandIdPattern) });
const pollQuery = z.object({
	wait: z.coerce.number().min(1).max(longestWaitSeconds).default(longestWaitSeconds),
});

/**
 * The native protocol over HTTP: the same bodies as over MQTT, the device key as bearer token, 202 when a message is
 * stored. Commands are waited for with a long poll.
 */
export class HttpEdge {
	readonly #options: EdgeOptions;
	readonly #road: RequestRoad;
	readonly #polls = new Map<number, CommandPoll>();

	constructor(options: EdgeOptions) {
		this.#options = options;
		this.#road = new RequestRoad(options, 'http');
	}

	/** Adds the devices' routes, which know neither cookies nor people. */
	serve(app: FastifyInstance): void {
		const { messageMaxBytes } = this.#options;
		app.register(async (devices) => {
			const devicesOf = new WeakMap<FastifyRequest, AuthenticatedDevice>();
			const deviceOf = (request: FastifyRequest): AuthenticatedDevice => {
				const device = devicesOf.get(request);
				if (device === undefined) throw fault('wrong_device_key');
				return device;
			};
			// The chain reads bodies, and parks with its bytes what it cannot read.
			devices.removeAllContentTypeParsers();
			devices.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
			devices.setErrorHandler((error, request, reply) => {
				const isTooLarge = hasCode(error, 'FST_ERR_CTP_BODY_TOO_LARGE');
				if (!isTooLarge) return sendProblem(error, request, reply);
				this.#road.tooLarge(devicesOf.get(request) ?? null);
				return sendProblem(tooLarge(messageMaxBytes), request, reply);
			});
			devices.addHook('onRequest', async (request, reply) => {
				reply.header('cache-control', 'no-store');
				const device = await this.#road.recognise(
					deviceParams.parse(request.params).deviceId,
					bearerOf(request),
					request.ip,
				);
				if (device === null) {
					reply.header('www-authenticate', 'Bearer');
					throw fault('wrong_device_key');
				}
				devicesOf.set(request, device);
				this.#road.admit(device);
			});
			const settings = { bodyLimit: messageMaxBytes, schema: { hide: true } };
			devices.post('/devices/v1/:deviceId/telemetry', settings, (request, reply) => {
				const device = deviceOf(request);
				return this.#store(device, telemetry, telemetryTopic(device.deviceId), request, reply);
			});
			devices.post(
				'/devices/v1/:deviceId/commands/:commandId/result',
				settings,
				(request, reply) => {
					const device = deviceOf(request);
					const params = resultParams.safeParse(request.params);
					if (!params.success) throw fault('not_found', { thing: 'command' });
					const { commandId } = params.data;
					const topic = commandResultTopic(device.deviceId, commandId);
					const content: MessageContent = { kind: 'command_result', commandId };
					return this.#store(device, content, topic, request, reply);
				},
			);
			devices.get(
				'/devices/v1/:deviceId/commands',
				{ schema: { hide: true } },
				(request, reply) => {
					const query = pollQuery.safeParse(request.query);
					if (!query.success)
						throw fault('invalid_input', {
							summary: `wait has to be a number of seconds from 1 to ${longestWaitSeconds}.`,
						});
					return this.#poll(deviceOf(request), query.data.wait, reply);
				},
			);
		});
	}

	/** Ends what a device waits for: its key was renewed, or it was retired. */
	disconnect(deviceNo: number): void {
		this.#polls.get(deviceNo)?.end();
	}

	/** Answers everybody who waits for a command. */
	close(): void {
		for (const poll of this.#polls.values()) poll.end();
	}

	async #store(
		device: AuthenticatedDevice,
		content: MessageContent,
		topic: string,
		request: FastifyRequest,
		reply: FastifyReply,
	): Promise<FastifyReply> {
		const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		await this.#road.store({ device, content, topic, body, isGone: () => reply.raw.destroyed });
		return reply.code(202).send();
	}

	/** Waits for a command; the device's next request ends an earlier one, as a next subscription would. */
	async #poll(
		{ deviceNo }: AuthenticatedDevice,
		waitSeconds: number,
		reply: FastifyReply,
	): Promise<FastifyReply> {
		const { lines } = this.#options;
		this.#polls.get(deviceNo)?.end();
		const poll = new CommandPoll(reply.raw, waitSeconds * 1_000);
		this.#polls.set(deviceNo, poll);
		lines.open(deviceNo, poll);
		const body = await poll.answer;
		lines.close(deviceNo, poll);
		if (this.#polls.get(deviceNo) === poll) this.#polls.delete(deviceNo);
		return body === null ? reply.code(204).send() : reply.type('application/json').send(body);
	}
}

function bearerOf(request: FastifyRequest): string | null {
	return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function tooLarge(limitBytes: number): Fault {
	return fault('too_large', { limit: `${Math.floor(limitBytes / 1024)} KiB` });
}

function hasCode(error: unknown, code: string): boolean {
	return error instanceof Error && 'code' in error && error.code === code;
}
