import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../src/server.ts');

/** The product as it is started everywhere, on free ports. */
export interface ProductServer {
	readonly pid: number;
	readonly httpUrl: string;
	readonly mqttPort: number;
	stop(): Promise<void>;
}

/** Starts the server on a data folder and waits until it is ready. */
export async function startProduct(dataDir: string): Promise<ProductServer> {
	const child = spawn(process.execPath, [entry], {
		env: {
			...process.env,
			PORT: '0',
			MQTT_PORT: '0',
			OSMAND_PORT: '0',
			DATA_DIR: dataDir,
			LOG_LEVEL: 'warn',
		},
		// The channel ends the server if the benchmark is killed.
		stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
	});
	const announced = await announcementOf(child);
	const httpPort = portIn(announced, /http:\/\/localhost:(\d+)/);
	return {
		pid: child.pid ?? 0,
		httpUrl: `http://localhost:${httpPort}`,
		mqttPort: portIn(announced, /mqtt:\/\/localhost:(\d+)/),
		async stop() {
			const exited = once(child, 'exit');
			child.kill('SIGTERM');
			const [code] = await exited;
			if (code !== 0) throw new Error(`The server ended with code ${code}.`);
		},
	};
}

function announcementOf(child: ChildProcess): Promise<string> {
	let output = '';
	return new Promise((resolve, reject) => {
		child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
			output += chunk;
			if (output.includes('Ctrl-C stops it.')) resolve(output);
		});
		child.once('exit', (code) =>
			reject(new Error(`The server ended with code ${code} before it was ready:\n${output}`)),
		);
	});
}

function portIn(text: string, pattern: RegExp): number {
	const port = Number(pattern.exec(text)?.[1]);
	if (!port) throw new Error(`The server did not say its address:\n${text}`);
	return port;
}
