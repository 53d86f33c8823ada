/** `npm run demo:devices`: registers devices for trying an installation under load, while its server is stopped. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { registerLoadDevices } from '#modules/setup/server/index.ts';
import { type Config, readConfig } from '#platform/config.ts';
import { lockDataFolder } from '#platform/data-lock.ts';
import { createDatabase, createPool, type Database, sqlState } from '#platform/database/connect.ts';
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { startFailureSentence } from './start-failure.ts';

const usage = `Usage: npm run demo:devices -- --count <n> [--organization <no>] [--file <path>]

  --count <n>            devices to register, up to 1,000,000
  --organization <no>    whose they are; needed where there are several
  --file <path>          where their keys go for the simulator (default: load-devices.json in the data folder)

The server must be stopped: it learns of devices when it starts.`;

/** SQLSTATE of a database that was never migrated. */
const undefinedTable = '42P01';

/** What was asked cannot be done; the message says what to do. */
class RequestError extends Error {}

const requestSchema = z.object({
	count: z.coerce.number({ error: '--count must be a number' }).int().min(1).max(1_000_000),
	organization: z.coerce.number().int().min(1).optional(),
	file: z.string().min(1).optional(),
});

let config: Config | null = null;
try {
	const request = readRequest();
	config = readConfig(process.env);
	await makeDevices(request, config);
} catch (error) {
	const sentence =
		error instanceof RequestError ? error.message : startFailureSentence(error, config);
	console.error(sentence ?? error);
	process.exitCode = 1;
}

function readRequest(): z.output<typeof requestSchema> {
	let values: Record<string, string | undefined>;
	try {
		({ values } = parseArgs({
			options: {
				count: { type: 'string' },
				organization: { type: 'string' },
				file: { type: 'string' },
			},
		}));
	} catch (error) {
		throw new RequestError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
	const parsed = requestSchema.safeParse(values);
	if (!parsed.success) throw new RequestError(`${parsed.error.issues[0]?.message}\n\n${usage}`);
	return parsed.data;
}

async function makeDevices(
	request: z.output<typeof requestSchema>,
	{ dataDir, databaseUrl, postgresDir }: Config,
): Promise<void> {
	await using parts = new AsyncDisposableStack();
	const lock = await lockDataFolder(dataDir);
	parts.defer(() => lock.release());
	let url = databaseUrl;
	if (url === null) {
		const embedded = await startEmbeddedPostgres({ dir: postgresDir, log: createLog('warn') });
		parts.defer(() => embedded.stop());
		url = embedded.url;
	}
	const pool = createPool(url, 'quarterdeck demo devices', 2);
	parts.defer(() => pool.end());
	const database = createDatabase(pool);
	const { no, name } = await chooseOrganization(database, request.organization);
	const path = request.file ?? join(dataDir, 'load-devices.json');
	await registerLoadDevices(database, no, request.count, path, Date.now());
	console.log(`${request.count} devices of ${name} are registered; their keys are in ${path}.`);
}

async function chooseOrganization(
	database: Database,
	wanted: number | undefined,
): Promise<{ no: number; name: string }> {
	const found = await database
		.selectFrom('v_organization')
		.select(['organization_no', 'name'])
		.$if(wanted !== undefined, (query) => query.where('organization_no', '=', wanted ?? null))
		.orderBy('organization_no')
		.execute()
		.catch((error: unknown) => {
			if (sqlState(error) === undefinedTable) return [];
			throw error;
		});
	const [only, ...others] = found;
	if (only === undefined || only.organization_no === null || only.name === null)
		throw new RequestError(
			wanted === undefined
				? 'There is no organization yet. Start the server and set it up, then stop it and come back.'
				: `There is no organization ${wanted}.`,
		);
	if (others.length > 0)
		throw new RequestError(
			`Say whose the devices are with --organization: ${found.map((one) => `${one.organization_no} (${one.name})`).join(', ')}.`,
		);
	return { no: only.organization_no, name: only.name };
}
