import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConfigError, type MqttTlsFiles } from '#platform/config.ts';

/** What a TLS listener presents, and whose client certificates it takes. */
export interface Certificates {
	readonly cert: Buffer;
	readonly key: Buffer;
	readonly ca?: Buffer;
}

/** Reads the files that the settings name. @throws ConfigError when one is missing or they do not fit */
export async function readCertificates(files: MqttTlsFiles): Promise<Certificates> {
	const cert = await read('MQTT_TLS_CERT', files.certFile);
	const key = await read('MQTT_TLS_KEY', files.keyFile);
	const ca =
		files.clientCaFile === null ? undefined : await read('MQTT_TLS_CLIENT_CA', files.clientCaFile);
	const certificates = { cert, key, ...(ca !== undefined && { ca }) };
	try {
		createSecureContext(certificates);
	} catch (error) {
		throw new ConfigError(
			`The files of MQTT_TLS_CERT and MQTT_TLS_KEY${ca === undefined ? '' : ' and MQTT_TLS_CLIENT_CA'} cannot be used (${reasonOf(error)}). They have to be PEM, and the key that of the certificate.`,
		);
	}
	return certificates;
}

async function read(setting: string, file: string): Promise<Buffer> {
	try {
		return await readFile(file);
	} catch (error) {
		throw new ConfigError(
			`The setting ${setting} names ${file}, which cannot be read (${reasonOf(error)}). Correct it and start again.`,
		);
	}
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
