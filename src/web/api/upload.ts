import type { z } from 'zod';
import type { Admission, Endpoint, EndpointReply } from '#contract/endpoint.ts';
import { addressOf, type RequestParts } from './call.ts';
import { readProblem, unexpectedReply, unreachable } from './problem.ts';

export interface UploadOptions {
	readonly mediaType: string;
	readonly query?: NonNullable<RequestParts['query']>;
	/** How much of the file is on the server, from 0 to 1. */
	readonly onProgress: (share: number) => void;
	readonly signal: AbortSignal;
}

/** Sends a file to an endpoint that takes one, however long that lasts. Throws what `call` throws. */
export async function upload<Reply extends z.ZodType>(
	endpoint: Endpoint<z.ZodType, z.ZodType, z.ZodType, Reply, Admission>,
	file: Blob,
	{ mediaType, query, onProgress, signal }: UploadOptions,
): Promise<EndpointReply<typeof endpoint>> {
	signal.throwIfAborted();
	// `fetch` does not tell how far a request is.
	const request = new XMLHttpRequest();
	request.open(endpoint.method, addressOf(endpoint.path, query === undefined ? {} : { query }));
	request.setRequestHeader('content-type', mediaType);
	request.setRequestHeader('accept', 'application/json');
	request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	request.onload = () => resolve();
	request.onerror = () => reject(unreachable());
	request.onabort = () => reject(signal.reason);
	const abort = () => request.abort();
	signal.addEventListener('abort', abort);
	try {
		request.send(file);
		await promise;
	} finally {
		signal.removeEventListener('abort', abort);
	}
	const body = parseJson(request.responseText);
	if (request.status !== 200)
		throw readProblem(body, headersOf(request)) ?? unexpectedReply(request.status);
	const reply = endpoint.reply.safeParse(body);
	if (!reply.success) throw unexpectedReply(request.status);
	return reply.data;
}

function headersOf(request: XMLHttpRequest): Headers {
	const lines = request.getAllResponseHeaders().trim().split('\r\n');
	return new Headers(
		lines.map((line): [string, string] => {
			const [name = '', ...value] = line.split(': ');
			return [name, value.join(': ')];
		}),
	);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
