import type { Config } from '#platform/config.ts';
import { ConfigError } from '#platform/config.ts';
import { DataLockError } from '#platform/data-lock.ts';
import { isUnavailable, sqlState } from '#platform/database/connect.ts';
import { EmbeddedPostgresError } from '#platform/database/embedded-error.ts';
import { MigrationError } from '#platform/database/migrate.ts';

/**
 * Why the server could not start, as a sentence that says what to do; null when the reason is a fault of the program.
 * `config` is null while the settings themselves were being read.
 */
export function startFailureSentence(error: unknown, config: Config | null): string | null {
	if (
		error instanceof ConfigError ||
		error instanceof DataLockError ||
		error instanceof EmbeddedPostgresError ||
		error instanceof MigrationError
	)
		return error.message;
	if (config === null || !(error instanceof Error)) return null;
	if ('syscall' in error && error.syscall === 'listen') return listenSentence(error, config);
	if (config.databaseUrl !== null && isDatabaseRefusal(error))
		return `The database at ${withoutPassword(config.databaseUrl)} cannot be used (${reasonOf(error)}). See that it runs and that DATABASE_URL is right, then start again.`;
	if ('path' in error && String(error.path).startsWith(config.dataDir))
		return `The data folder ${config.dataDir} cannot be used (${error.message}). Correct that, or choose another folder with DATA_DIR.`;
	return null;
}

function listenSentence(error: Error, config: Config): string {
	const port = 'port' in error ? Number(error.port) : Number.NaN;
	const setting = settingOfPort(port, config);
	const free = freeProposal(port);
	const code = codeOf(error);
	if (code === 'EADDRINUSE')
		return `Port ${port} is in use. Stop the other program or start with ${setting}=${free} npm start.`;
	if (code === 'EACCES')
		return `Port ${port} may not be used by this account. Start with ${setting}=${free} npm start.`;
	return `Port ${port} cannot be opened (${error.message}). Choose another with ${setting}=….`;
}

function settingOfPort(port: number, config: Config): string {
	if (port === config.mqttPort) return 'MQTT_PORT';
	if (port === config.mqttsPort) return 'MQTTS_PORT';
	if (port === config.osmandPort) return 'OSMAND_PORT';
	return 'PORT';
}

const firstUnprivilegedPort = 1024;
function freeProposal(port: number): number {
	const next = port + 1;
	if (next > 65_535) return port - 1;
	return next < firstUnprivilegedPort ? port + 8_000 : next;
}

/** Unreachable; or reached, but not willing (class 28) or without that database (3D). */
function isDatabaseRefusal(error: Error): boolean {
	const state = sqlState(error);
	if (state !== null && /^(28|3D|42501)/.test(state)) return true;
	return isUnavailable(error) || /^(ENOTFOUND|EAI_AGAIN|ENETUNREACH)$/.test(codeOf(error));
}

function reasonOf(error: Error): string {
	return error.message || codeOf(error);
}

function codeOf(error: Error): string {
	return 'code' in error ? String(error.code) : '';
}

function withoutPassword(url: string): string {
	return url.replace(/(\/\/[^:@/]*):[^@/]*@/, '$1@');
}
