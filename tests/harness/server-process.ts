import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../src/server.ts');

/** The product as it is started everywhere, on free ports. */
export interface RunningProduct {
	readonly pid: number;
	readonly httpUrl: string;
	readonly mqttPort: number;
	/** Asks it to stop and waits until it has. */
	stop(): Promise<void>;
}

/** Starts the server with these settings (and free ports) and waits until it is ready. */
export async function startProduct(
	settings: Readonly<Record<string, string>>,
): Promise<RunningProduct> {
	const child = spawn(process.execPath, [entry], {
		env: { ...process.env, PORT: '0', MQTT_PORT: '0', OSMAND_PORT: '0', ...settings },
		// The channel ends the server if we are killed.
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

/** Signs in at a running product. @returns the session's cookie as `name=value` */
export async function signIn(httpUrl: string, email: string, password: string): Promise<string> {
	const answer = await fetch(new URL('/api/auth/sign-in/email', httpUrl), {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: httpUrl },
		body: JSON.stringify({ email, password }),
	});
	const [cookie] = answer.headers.getSetCookie();
	if (!answer.ok || cookie === undefined)
		throw new Error(`The sign-in answered ${answer.status}: ${await answer.text()}`);
	return cookie.split(';')[0] ?? '';
}
