import { type Logger, pino } from 'pino';

export type Log = Logger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Structured log to standard output, one JSON object a line. Credentials are removed wherever a caller passes a
 * request or settings along.
 */
export function createLog(level: (typeof logLevels)[number]): Log {
	return pino({
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
	});
}
