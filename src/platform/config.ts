import { join, resolve } from 'node:path';
import { z } from 'zod';
import { logLevels } from './log.ts';

const port = z.coerce
	.number({ error: 'must be a port number' })
	.int('must be a whole number')
	.min(0, 'must be a port from 1 to 65535, or 0 for any free port')
	.max(65_535, 'must be a port from 1 to 65535, or 0 for any free port');

const count = (min: number, max: number) =>
	z.coerce
		.number({ error: 'must be a number' })
		.int('must be a whole number')
		.min(min, `must be at least ${min}`)
		.max(max, `must be at most ${max}`);

const environmentSchema = z.object({
	PORT: port.default(8080),
	MQTT_PORT: port.default(1883),
	MQTTS_PORT: port.default(8883),
	MQTT_TLS_CERT: z.string().optional(),
	MQTT_TLS_KEY: z.string().optional(),
	MQTT_TLS_CLIENT_CA: z.string().optional(),
	OSMAND_PORT: port.default(5055),
	DEVICE_MESSAGES_PER_SECOND: count(1, 100_000).default(50),
	DEVICE_MESSAGE_MAX_BYTES: count(1_024, 16 * 1024 * 1024).default(1024 * 1024),
	CONNECTIONS_PER_ADDRESS: count(1, 1_000_000).default(25_000),
	DATA_DIR: z.string().min(1).default('.data'),
	DATABASE_URL: z
		.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' })
		.optional(),
	DATABASE_OWNER_URL: z
		.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' })
		.optional(),
	PUBLIC_URL: z
		.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
		.optional(),
	SIGN_IN_PROVIDER_HOSTS: z.string().default(''),
	SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// address' }).optional(),
	MAIL_FROM: z.email('must be an e-mail address').optional(),
	NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: 'must be a nats:// address' }).optional(),
	BASEMAP_PMTILES: z.string().min(1).optional(),
	LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'),
	READINGS_RETENTION_DAYS: z.coerce
		.number({ error: 'must be a number of days' })
		.int()
		.min(1, 'must be at least 1 day')
		.max(36_500)
		.default(400),
	READINGS_PACK_AFTER_DAYS: z.coerce
		.number({ error: 'must be a number of days' })
		.int()
		.min(2, 'must be at least 2 days')
		.max(36_500)
		.default(8),
});

/** Files (PEM) with which MQTT is spoken over TLS. */
export interface MqttTlsFiles {
	readonly certFile: string;
	readonly keyFile: string;
	/** Authority whose client certificates sign devices in without a key; null: they all need their keys. */
	readonly clientCaFile: string | null;
}

export interface Config {
	readonly httpPort: number;
	readonly mqttPort: number;
	readonly mqttsPort: number;
	/** Null: MQTT is not spoken over TLS. */
	readonly mqttTls: MqttTlsFiles | null;
	readonly osmandPort: number;
	readonly deviceLimits: {
		readonly messagesPerSecond: number;
		readonly messageMaxBytes: number;
		readonly connectionsPerAddress: number;
	};
	/** Absolute folder for everything the installation keeps outside the database. */
	readonly dataDir: string;
	/** An existing PostgreSQL, or null to run the embedded one below the data folder. */
	readonly databaseUrl: string | null;
	/** The same database for the role that owns it, where that is not the role under which the server works. */
	readonly databaseOwnerUrl: string | null;
	readonly postgresDir: string;
	/** Address under which browsers reach the portal, without a trailing slash; null: as they ask for it. */
	readonly publicUrl: string | null;
	/** Hosts of sign-in providers that may be asked although they are in a private network. */
	readonly signInProviderHosts: readonly string[];
	/** Where mails are sent to, and from which address; null: they are kept. */
	readonly smtp: { readonly smtpUrl: string; readonly senderAddress: string } | null;
	readonly natsUrl: string | null;
	/** Absolute path of a PMTiles file that replaces the built-in basemap, or null. */
	readonly basemapPmtiles: string | null;
	readonly logLevel: (typeof logLevels)[number];
	readonly readingsRetentionDays: number;
	/** Readings of older days are packed into a quarter of the space. */
	readonly readingsPackAfterDays: number;
}

/** A setting that cannot be used; the message is a sentence that says what to do. */
export class ConfigError extends Error {}

/** Reads every setting once. Empty values count as unset. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
	const given = Object.fromEntries(
		Object.entries(environment).filter(([name, value]) => name in environmentSchema.shape && value),
	);
	const parsed = environmentSchema.safeParse(given);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const name = String(issue?.path[0] ?? '');
		throw new ConfigError(
			`The setting ${name} ${issue?.message ?? 'is wrong'}, but it is "${withoutPassword(given[name] ?? '')}". Correct it and start again.`,
		);
	}
	const settings = parsed.data;
	const dataDir = resolve(settings.DATA_DIR);
	if (settings.DATABASE_OWNER_URL !== undefined && !userOf(settings.DATABASE_URL))
		throw new ConfigError(
			'The setting DATABASE_OWNER_URL needs a DATABASE_URL that names the user under whom the server works. Give both, or none.',
		);
	return {
		httpPort: settings.PORT,
		mqttPort: settings.MQTT_PORT,
		mqttsPort: settings.MQTTS_PORT,
		mqttTls: mqttTlsOf(settings),
		osmandPort: settings.OSMAND_PORT,
		deviceLimits: {
			messagesPerSecond: settings.DEVICE_MESSAGES_PER_SECOND,
			messageMaxBytes: settings.DEVICE_MESSAGE_MAX_BYTES,
			connectionsPerAddress: settings.CONNECTIONS_PER_ADDRESS,
		},
		dataDir,
		databaseUrl: settings.DATABASE_URL ?? null,
		databaseOwnerUrl: settings.DATABASE_OWNER_URL ?? null,
		postgresDir: join(dataDir, 'postgres'),
		publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
		signInProviderHosts: settings.SIGN_IN_PROVIDER_HOSTS.toLowerCase()
			.split(',')
			.map((host) => host.trim())
			.filter((host) => host !== ''),
		smtp: smtpOf(settings),
		natsUrl: settings.NATS_URL ?? null,
		basemapPmtiles:
			settings.BASEMAP_PMTILES === undefined ? null : resolve(settings.BASEMAP_PMTILES),
		logLevel: settings.LOG_LEVEL,
		readingsRetentionDays: settings.READINGS_RETENTION_DAYS,
		readingsPackAfterDays: settings.READINGS_PACK_AFTER_DAYS,
	};
}

/** @throws ConfigError when one of the files that belong together is missing */
function mqttTlsOf({
	MQTT_TLS_CERT: certFile,
	MQTT_TLS_KEY: keyFile,
	MQTT_TLS_CLIENT_CA: clientCaFile,
}: z.infer<typeof environmentSchema>): MqttTlsFiles | null {
	if (certFile !== undefined && keyFile !== undefined)
		return { certFile, keyFile, clientCaFile: clientCaFile ?? null };
	if (certFile === undefined && keyFile === undefined && clientCaFile === undefined) return null;
	throw new ConfigError(
		'MQTT over TLS needs both MQTT_TLS_CERT and MQTT_TLS_KEY. Give both, or none of the MQTT_TLS settings.',
	);
}

/** @throws ConfigError when a server is given without the address from which mails come */
function smtpOf({
	SMTP_URL: smtpUrl,
	MAIL_FROM: senderAddress,
}: z.infer<typeof environmentSchema>): Config['smtp'] {
	if (smtpUrl === undefined) return null;
	if (senderAddress !== undefined) return { smtpUrl, senderAddress };
	throw new ConfigError(
		'Sending mails needs the address from which they come. Set MAIL_FROM beside SMTP_URL, as in portal@your-domain.',
	);
}

/** The user that a database's address names; empty when it names none. */
export function userOf(databaseUrl: string | undefined): string {
	return databaseUrl === undefined ? '' : decodeURIComponent(new URL(databaseUrl).username);
}

function withoutPassword(value: string): string {
	return value.replace(/\/\/[^@/]*@/, '//…@');
}
