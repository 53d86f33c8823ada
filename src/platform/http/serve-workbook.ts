import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { z } from 'zod';
import type { Admission, Endpoint } from '#contract/endpoint.ts';
import { Fault, fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { rowsHeader, rowsPerMark, rowsPerMarkHeader } from '#contract/workbook.ts';
import { workbookMediaType, writeWorkbook } from '../spreadsheet/workbook.ts';
import { type Call, serveFile } from './serve.ts';
import type { WorkbookColumn } from './workbook-columns.ts';

/** Each keeps a database connection busy, whatever it is of; the pages need the others. */
const mostAtOnce = 9;
/** Whoever reads slowly is in the way of the own organization alone. */
const mostOfOneOrganization = 3;
/** A download that takes longer is given up, so that a stalled one does not keep its place. */
const longestMs = 15 * 60_000;
const retryAfterSeconds = 10;
/** How often it is asked whether who reads a download may still. */
const lookIntervalMs = 1_000;

/** Rows that were selected, to be read while they are written. */
export interface SelectedRows<Row> {
	readonly sheetName: string;
	readonly columns: readonly WorkbookColumn<Row>[];
	/** IANA zone in which instants are written. */
	readonly timeZone: string;
	/** How many there are. */
	readonly rows: number;
	/** The rows in portions, over a connection that nobody else uses meanwhile. */
	read(client: pg.ClientBase): AsyncIterable<readonly Row[]>;
}

/**
 * Serves a declared endpoint whose reply is an Excel workbook, written while its rows are read; few at a time. One whose
 * reader's access changes meanwhile breaks off.
 * @param fileName without the ending
 * @param select finds the rows before anything is sent
 */
export function serveWorkbook<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Admits extends Admission,
	Row,
>(
	app: FastifyInstance,
	endpoint: Endpoint<Params, Query, Body, z.ZodFile, Admits>,
	{ pool, fileName }: { readonly pool: pg.Pool; readonly fileName: string },
	select: (call: Call<Params, Query, Body, Admits>) => Promise<SelectedRows<Row>>,
): void {
	const places = placesOf(app);
	const files = new Set<Readable>();
	// Otherwise a server that stops would wait for the slowest reader.
	app.addHook('preClose', async () => {
		for (const file of files) file.destroy();
	});

	serveFile(app, endpoint, workbookMediaType, async (call) => {
		const place = places.take(call.request.principal?.scope.organizationNo ?? null);
		if (place === null) throw fault('export_busy', { retryAfterSeconds });
		try {
			const selected = await select(call);
			const client = await pool.connect();
			call.reply.header('content-disposition', `attachment; filename="${fileName}.xlsx"`);
			call.reply.header(rowsHeader, selected.rows);
			call.reply.header(rowsPerMarkHeader, rowsPerMark);
			const file = Readable.from(
				writeWorkbook({ ...selected, portions: cellsOf(selected, client) }),
				{
					objectMode: false,
					signal: AbortSignal.timeout(longestMs),
				},
			);
			files.add(file);
			const watch = watchReader(app, call.request, file);
			file.once('close', () => {
				clearInterval(watch);
				place.free();
				files.delete(file);
				client.release(file.errored ?? false);
			});
			return file;
		} catch (error) {
			place.free();
			throw error;
		}
	});
}

/** Breaks a file off when whoever reads it is signed out, or sees something else than when it began. */
function watchReader(app: FastifyInstance, request: FastifyRequest, file: Readable) {
	const before = sightOf(request.principal);
	return setInterval(async () => {
		const now = await app.identify(request).then(sightOf, (error: unknown) => {
			// Without a database nobody can be told from anybody, and nothing is read from it either.
			return error instanceof Fault ? null : before;
		});
		if (now !== before) file.destroy(new Error('Its reader’s access has changed.'));
	}, lookIntervalMs);
}

/** What of somebody decides which rows they are given. */
function sightOf(principal: Principal | null): string | null {
	if (principal === null) return null;
	const { role, misRole, scope } = principal;
	return JSON.stringify({ role, misRole, scope });
}

interface Places {
	/** @returns null where all are taken */
	take(organizationNo: number | null): { free(): void } | null;
}

const placesOfServers = new WeakMap<Server, Places>();

/** The places of a server, which all of its workbooks share. */
function placesOf({ server }: FastifyInstance): Places {
	const known = placesOfServers.get(server);
	if (known !== undefined) return known;
	/** Organization of each workbook that is being written. */
	const taken: (number | null)[] = [];
	const places: Places = {
		take(organizationNo) {
			const ofOne = taken.filter((each) => each === organizationNo).length;
			if (taken.length >= mostAtOnce || ofOne >= mostOfOneOrganization) return null;
			taken.push(organizationNo);
			return { free: () => taken.splice(taken.indexOf(organizationNo), 1) };
		},
	};
	placesOfServers.set(server, places);
	return places;
}

async function* cellsOf<Row>({ columns, read }: SelectedRows<Row>, client: pg.ClientBase) {
	for await (const rows of read(client))
		yield rows.map((row) => columns.map((column) => column.value(row)));
}
