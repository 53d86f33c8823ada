/** Runs an embedded PostgreSQL until it is killed: `node hold-postgres.ts <folder>`. Prints its address and number. */
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';

const dir = process.argv[2];
if (dir === undefined) throw new Error('Name the data folder.');
const { url, pid } = await startEmbeddedPostgres({ dir, log: createLog('silent') });
process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
