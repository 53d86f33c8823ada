import { unreachable } from './problem.ts';

const patienceMs = 20_000;

interface Exchange {
	readonly ok: boolean;
	readonly status: number;
	readonly headers: Headers;
	/** The parsed JSON body; undefined when there is none. */
	readonly body: unknown;
}

/** Sends one JSON request to the server of this page. Throws a `ProblemError` when nobody answers in time. */
export async function exchange(
	method: string,
	path: string,
	body: unknown,
	signal?: AbortSignal,
): Promise<Exchange> {
	const patience = AbortSignal.timeout(patienceMs);
	try {
		const response = await fetch(path, {
			method,
			headers: {
				accept: 'application/json',
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? null : JSON.stringify(body),
			signal: signal ? AbortSignal.any([signal, patience]) : patience,
		});
		return {
			ok: response.ok,
			status: response.status,
			headers: response.headers,
			body: parseJson(await response.text()),
		};
	} catch (error) {
		if (signal?.aborted) throw error;
		throw unreachable();
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
