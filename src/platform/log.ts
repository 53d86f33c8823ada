import { type DestinationStream, type Logger, pino } from 'pino';
import { build as pretty } from 'pino-pretty';

export type Log = Logger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Structured log to standard output: one JSON object a line, or lines for people on a terminal. Credentials are removed wherever a caller passes a
 * request or settings along.
 */
export function createLog(level: (typeof logLevels)[number]): Log {
	const options = {
		level,
		base: undefined,
		timestamp: pino.stdTimeFunctions.isoTime,
		redact: {
			paths: [
				'password',
				'*.password',
				'key',
				'*.key',
				'token',
				'*.token',
				'headers.authorization',
				'headers.cookie',
				'*.headers.authorization',
				'*.headers.cookie',
			],
			censor: '[removed]',
		},
	};
	return pino(options, standardOutput());
}

function standardOutput(): DestinationStream {
	return process.stdout.isTTY
		? pretty({ sync: true, translateTime: 'SYS:HH:MM:ss' })
		: pino.destination({ fd: 1, sync: true });
}
