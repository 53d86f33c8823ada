/**
 * `npm run bench:lists [-- --rows 100000] [--only users,tokens] [--json]`: how fast the lists of the administration
 * answer over HTTP, each question that their pages can put, compared with bare SQL that counts and reads a page of the
 * same table in the same run.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { auditSorts, listAudit } from '#modules/audit/contract.ts';
import { customerSorts, listCustomers } from '#modules/customers/contract.ts';
import { listLocationRows, locationSorts } from '#modules/locations/contract.ts';
import { listOrganizations, organizationSorts } from '#modules/organization/contract.ts';
import { listTokens, tokenKinds, tokenSorts, tokenStates } from '#modules/tokens/contract.ts';
import { listUsers, userSorts, userStates } from '#modules/users/contract.ts';
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { createInstallation } from '../tests/harness/installation.ts';
import { startProduct } from '../tests/harness/product.ts';
import { signIn } from '../tests/harness/sign-in.ts';
import { fillFleet } from './console-fleet.ts';
import { createDiskFolder } from './ingest-disk.ts';
import { machine, thousands } from './ingest-report.ts';
import { fillLists } from './lists-fill.ts';

const { values } = parseArgs({
	options: {
		rows: { type: 'string', default: '100000' },
		requests: { type: 'string', default: '5' },
		only: { type: 'string', default: '' },
		json: { type: 'boolean', default: false },
	},
});
const rows = Number(values.rows);
const requests = Number(values.requests);
const goalMs = 100;
/** The number of a row somewhere in the middle. */
const some = String(Math.floor(rows * 0.54)).padStart(6, '0');

type Query = Readonly<Record<string, string>>;

interface List {
	readonly path: string;
	readonly table: string;
	readonly key: string;
	readonly sorts: readonly string[];
	/** Texts that find one row, some, and most of them. */
	readonly texts: readonly string[];
	readonly filters: readonly Query[];
}

const lists: Readonly<Record<string, List>> = {
	users: {
		path: listUsers.path,
		table: 'membership',
		key: 'membership_no',
		sorts: userSorts,
		texts: [`user ${some}`, 'user77', 'example'],
		filters: [
			...userStates.map((state) => ({ state })),
			...['admin', 'dealer', 'customer'].map((role) => ({ role })),
			{ dealer: '7' },
			{ customer: '4323' },
			{ state: 'expired', role: 'operation' },
		],
	},
	tokens: {
		path: listTokens.path,
		table: 'api_token',
		key: 'token_no',
		sorts: tokenSorts,
		texts: [`report ${some}`, 'user77', 'report'],
		filters: [
			...tokenStates.map((state) => ({ state })),
			...tokenKinds.map((kind) => ({ kind })),
			{ owner: 'user4321@example.com' },
			{ state: 'ownerless', kind: 'control' },
		],
	},
	customers: {
		path: listCustomers.path,
		table: 'customer',
		key: 'customer_no',
		sorts: customerSorts,
		texts: [`company ${some}`, 'office77', 'example'],
		filters: [{ city: 'City 7' }, { locationNo: '77' }, { dealerNo: '7' }],
	},
	locations: {
		path: listLocationRows.path,
		table: 'location',
		key: 'location_no',
		sorts: locationSorts,
		texts: [`town ${some}`, 'district 77', 'state'],
		filters: [{ zone: 'Zone 3' }, { state: 'State 7' }, { country: 'IN' }],
	},
	organizations: {
		path: listOrganizations.path,
		table: 'organization',
		key: 'organization_no',
		sorts: organizationSorts,
		texts: [`fleet ${some}`, 'fleet77', 'fleet'],
		filters: [],
	},
	audit: {
		path: listAudit.path,
		table: 'audit_entry',
		key: 'audit_no',
		sorts: auditSorts,
		texts: ['ev-001234', 'user77', 'example'],
		filters: [
			{ action: 'device.edit' },
			{ action: 'account.activate' },
			{ person: 'user77@example.com' },
			{ subjectKind: 'customer' },
			{ fromMs: String(Date.now() - 30 * 86_400_000), toMs: String(Date.now() - 20 * 86_400_000) },
			{ person: 'user77@example.com', action: 'device.assign' },
		],
	},
};
const asked = Object.entries(lists).filter(
	([name]) => values.only === '' || values.only.split(',').includes(name),
);

const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

interface Figure {
	readonly list: string;
	readonly question: string;
	readonly medianMs: number;
	readonly bareMs: number;
}

const folder = await createDiskFolder();
const postgres = await startEmbeddedPostgres({
	dir: join(folder.path, 'postgres'),
	log: createLog('warn'),
});
try {
	say(`${machine}\n${thousands(rows)} rows in each list, ${requests} requests a question, medians`);
	const { organizationNo, email, password } = await createInstallation(postgres.url, []);
	const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
	await fillFleet(pool, organizationNo, rows);
	await fillLists(pool, organizationNo, rows);
	const product = await startProduct({
		dataDir: folder.path,
		environment: { DATABASE_URL: postgres.url, LOG_LEVEL: 'warn' },
	});
	try {
		const cookie = await signIn(product.url, email, password);
		const figures: Figure[] = [];
		for (const [name, list] of asked) {
			const bareMs = await median(() => askBare(pool, list, organizationNo));
			for (const query of questionsOf(list)) {
				const address = new URL(list.path, product.url);
				for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value);
				const medianMs = await median(() => ask(address, cookie));
				const figure = { list: name, question: nameOf(query), medianMs, bareMs };
				figures.push(figure);
				say(described(figure));
			}
		}
		report(figures);
	} finally {
		await product.end('SIGTERM');
		await pool.end();
	}
} finally {
	await postgres.stop();
	await folder.remove();
}

function questionsOf({ sorts, texts, filters }: List): Query[] {
	const deep = String(Math.floor((rows * 0.9) / 30));
	const orders = sorts.flatMap((sort) => [
		{ sort, direction: 'asc' },
		{ sort, direction: 'desc' },
	]);
	const [first = '', ...others] = sorts;
	const last = others.at(-1) ?? first;
	return [
		{},
		{ page: deep },
		...orders,
		{ sort: last, page: deep },
		...texts.map((q) => ({ q })),
		{ q: texts.at(-1) ?? '', sort: last, direction: 'desc' },
		{ q: 'nothing has this' },
		...filters,
		...filters.map((filter) => ({ ...filter, sort: last, direction: 'desc' })),
	];
}

function nameOf(query: Query): string {
	const parts = Object.entries(query).map(([key, value]) => `${key}=${value}`);
	return parts.length === 0 ? 'first page' : parts.join(' ');
}

async function ask(address: URL, cookie: string): Promise<void> {
	const answer = await fetch(address, { headers: { cookie } });
	const body = await answer.text();
	if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${body}`);
	const { total } = z.object({ total: z.number() }).parse(JSON.parse(body));
	if ((total === 0) !== (address.searchParams.get('q') === 'nothing has this'))
		throw new Error(`${address} found ${total}.`);
}

async function askBare(pool: pg.Pool, { table, key }: List, organizationNo: number): Promise<void> {
	const of = table === 'organization' ? '$1::integer is not null' : 'organization_no = $1';
	await pool.query(`select count(*) from (select from ${table} where ${of} limit 10001) counted`, [
		organizationNo,
	]);
	await pool.query(`select * from ${table} where ${of} order by ${key} limit 30`, [organizationNo]);
}

/** The first time is not counted. */
async function median(work: () => Promise<void>): Promise<number> {
	await work();
	const times: number[] = [];
	for (let turn = 0; turn < requests; turn += 1) {
		const startedAtMs = performance.now();
		await work();
		times.push(performance.now() - startedAtMs);
	}
	return times.sort((one, other) => one - other)[Math.floor(requests / 2)] ?? Number.NaN;
}

function described({ list, question, medianMs, bareMs }: Figure): string {
	const ratio = (medianMs / bareMs).toFixed(1);
	return `  ${list.padEnd(14)}${question.padEnd(56)}${medianMs.toFixed(1).padStart(8)} ms  ÷ bare ${bareMs.toFixed(1)} = ${ratio.padStart(6)}${medianMs > goalMs ? '  TOO SLOW' : ''}`;
}

function report(figures: readonly Figure[]): void {
	const [slowest] = figures.toSorted((one, other) => other.medianMs - one.medianMs);
	if (slowest === undefined) throw new Error(`There is no list of ${values.only}.`);
	say(`slowest (goal < ${goalMs} ms)\n${described(slowest)}`);
	if (values.json) say(JSON.stringify({ rows, goalMs, slowest, figures, machine }));
	process.exitCode = slowest.medianMs < goalMs ? 0 : 1;
}
