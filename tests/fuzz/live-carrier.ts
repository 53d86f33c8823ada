import { once } from 'node:events';
import type WebSocket from 'ws';
import type { LiveFrame } from './live-cases.ts';

const probe = 1_000_000;

/**
 * Sends frames and then a question whose answer is known.
 * @returns whether it was answered; else the close code with which the connection ended
 */
export async function askLive(
	socket: WebSocket,
	frames: readonly LiveFrame[],
): Promise<'answered' | number> {
	const outcome = new Promise<'answered' | number>((resolve, reject) => {
		socket.on('message', (data, isBinary) => {
			if (!isBinary && isProbeAnswered(String(data))) resolve('answered');
		});
		socket.on('close', resolve);
		socket.on('unexpected-response', (_, { statusCode }) =>
			reject(new Error(`The live connection was answered ${statusCode}.`)),
		);
	});
	if (socket.readyState === socket.CONNECTING) await Promise.race([once(socket, 'open'), outcome]);
	for (const { data, isBinary } of frames)
		if (socket.readyState === socket.OPEN) socket.send(data, { binary: isBinary });
	if (socket.readyState === socket.OPEN)
		socket.send(`{"type":"subscribe","subscription":${probe},"topic":"probe","params":{}}`);
	const result = await outcome;
	socket.terminate();
	return result;
}

function isProbeAnswered(text: string): boolean {
	return text.startsWith('{"type":"refused"') && text.includes(`"subscription":${probe}`);
}
