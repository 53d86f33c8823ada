import { Fault, fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { hashDeviceKey } from '#ingest/edge/device-directory.ts';
import { type Actor, type AuditOrigin, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import type { DeviceImport } from '../../contract.ts';
import { alreadyInUse } from '../already-in-use.ts';
import { newDeviceKey } from '../device-key.ts';
import { readDeviceSettings } from '../registry/settings.ts';
import { type ImportRow, readImportFile } from './read-file.ts';
import {
	addImportedDevices,
	classifyImport,
	countOutcomes,
	countWrong,
	insertImport,
	insertImportRows,
	lockImport,
	markKeysIssued,
	readImport,
	readKeylessDevices,
	renewPlans,
	setApplied,
	setFailure,
	setKeyHashes,
	setRowsDone,
} from './store.ts';

/** Rows of one statement while a file comes in. */
const uploadPortion = 2_000;
/** Devices of one statement; after each, whoever watches hears how far it is. */
const applyPortion = 5_000;
/** Each file on its way keeps a database connection busy; the pages need the others. */
const mostUploads = 2;
const retryAfterSeconds = 10;

export interface ImportOptions {
	readonly database: Database;
	readonly log: Log;
	/** Tells the road of devices that came, after the commit. */
	announce(deviceNos: readonly number[]): void | Promise<void>;
}

/** Imports of devices: what is taken in, looked at, added, and whose keys are handed out. */
export class DeviceImports {
	readonly #options: ImportOptions;
	readonly #running = new Set<Promise<void>>();
	#uploads = 0;
	#isStopping = false;

	constructor(options: ImportOptions) {
		this.#options = options;
	}

	/** Gives up what is being added, which then was not, and waits until that is done. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		await Promise.all(this.#running);
	}

	/**
	 * Takes a file in and compares it with the devices there are.
	 * @throws `invalid_input`, `import_busy`, `not_permitted`, `too_large`
	 */
	async upload(
		{ scope, name }: Principal,
		fileName: string,
		file: AsyncIterable<Buffer>,
	): Promise<DeviceImport> {
		requireWholeOrganization(scope);
		if (this.#uploads >= mostUploads) throw fault('import_busy', { retryAfterSeconds });
		this.#uploads++;
		try {
			const { organizationNo } = scope;
			const importNo = await this.#options.database.transaction().execute(async (transaction) => {
				const { telematicsIdFormat } = await readDeviceSettings(transaction, organizationNo);
				const begun = await insertImport(transaction, organizationNo, fileName, name);
				for await (const rows of inPortions(readImportFile(file), uploadPortion))
					await insertImportRows(transaction, begun, rows);
				await classifyImport(transaction, organizationNo, begun, telematicsIdFormat);
				await countOutcomes(transaction, begun);
				return begun;
			});
			return await this.#found(organizationNo, importNo);
		} finally {
			this.#uploads--;
		}
	}

	/**
	 * Begins to add an import's devices, all in one transaction. What comes of it is told by the import itself.
	 * @throws `not_found`, `not_permitted`, `import_not_possible`
	 */
	async apply({ principal, origin }: Actor, importNo: number): Promise<DeviceImport> {
		requireWholeOrganization(principal.scope);
		const { organizationNo } = principal.scope;
		refuseImpossible(await this.#found(organizationNo, importNo));
		const { promise: begun, resolve, reject } = Promise.withResolvers<void>();
		const run = this.#apply(principal, origin, importNo, resolve)
			.then(
				(added) => this.#options.announce(added),
				(error: unknown) => this.#failed(organizationNo, importNo, error),
			)
			.then(resolve, reject);
		this.#running.add(run);
		void run.finally(() => this.#running.delete(run));
		await begun;
		return this.#found(organizationNo, importNo);
	}

	async #apply(
		principal: Principal,
		origin: AuditOrigin,
		importNo: number,
		onBegun: () => void,
	): Promise<readonly number[]> {
		const { database } = this.#options;
		const { organizationNo } = principal.scope;
		const added: number[] = [];
		await database.transaction().execute(async (transaction) => {
			if (!(await lockImport(transaction, importNo)))
				throw notPossible('These devices are being added already. Wait until that is done.');
			refuseImpossible(await found(transaction, organizationNo, importNo), { isRunning: true });
			await setRowsDone(database, importNo, 0);
			onBegun();
			const { telematicsIdFormat } = await readDeviceSettings(transaction, organizationNo);
			await classifyImport(transaction, organizationNo, importNo, telematicsIdFormat);
			const wrong = await countWrong(transaction, importNo);
			if (wrong > 0) throw notPossible(rowsCannotBeAdded(wrong));
			// Until the end this transaction leaves the import's own row alone: others write there how far it is.
			let line = 0;
			for (;;) {
				if (this.#isStopping)
					throw notPossible('The server was stopped meanwhile. Nothing was added; try again.');
				const portion = await addImportedDevices(
					transaction,
					organizationNo,
					importNo,
					line,
					applyPortion,
				);
				if (portion === null) break;
				if (line === 0 && portion.deviceNos.length === applyPortion) await renewPlans(transaction);
				line = portion.line;
				added.push(...portion.deviceNos);
				await setRowsDone(database, importNo, added.length);
			}
			await countOutcomes(transaction, importNo);
			const done = await found(transaction, organizationNo, importNo);
			await setApplied(transaction, importNo);
			await recordAudit(transaction, principal, origin, {
				action: 'device_import.apply',
				subject: { kind: 'device_import', id: String(importNo) },
				before: null,
				after: { fileName: done.fileName, added: added.length, unchanged: done.rowsUnchanged },
			});
		});
		return added;
	}

	async #failed(organizationNo: number, importNo: number, error: unknown): Promise<void> {
		const { database, log } = this.#options;
		const refusal = error instanceof Fault ? error : alreadyInUse(error);
		if (refusal === null) log.error({ err: error, importNo }, 'an import of devices failed');
		const sentence =
			refusal?.message ??
			'The server failed to add them; its log has the cause. Nothing was added.';
		await database.transaction().execute(async (transaction) => {
			// What is registered since the file was looked at may be what it failed for.
			const { telematicsIdFormat } = await readDeviceSettings(transaction, organizationNo);
			await classifyImport(transaction, organizationNo, importNo, telematicsIdFormat);
			await countOutcomes(transaction, importNo);
			await setFailure(transaction, importNo, sentence);
		});
	}

	/**
	 * Gives the devices of an import their keys.
	 * @returns device ids and keys, which nobody can be told again
	 * @throws `not_found`, `not_permitted`, `import_not_possible`
	 */
	async issueKeys(
		{ principal, origin }: Actor,
		importNo: number,
	): Promise<{ deviceId: string; key: string }[]> {
		requireWholeOrganization(principal.scope);
		const { organizationNo } = principal.scope;
		return this.#options.database.transaction().execute(async (transaction) => {
			if (!(await markKeysIssued(transaction, organizationNo, importNo))) {
				const { keysIssued } = await found(transaction, organizationNo, importNo);
				throw notPossible(
					keysIssued
						? 'The keys of this import were handed out before. Renew the keys of devices whose key is lost.'
						: 'These devices were not added yet. Add them first.',
				);
			}
			const devices = await readKeylessDevices(transaction, importNo);
			const keyed = devices.map(({ device_no, device_id }) => ({
				deviceNo: device_no,
				deviceId: device_id,
				key: newDeviceKey(),
			}));
			for (let start = 0; start < keyed.length; start += applyPortion) {
				const portion = keyed.slice(start, start + applyPortion);
				await setKeyHashes(
					transaction,
					portion.map(({ deviceNo }) => deviceNo),
					portion.map(({ key }) => hashDeviceKey(key)),
				);
			}
			await recordAudit(transaction, principal, origin, {
				action: 'device_import.issue_keys',
				subject: { kind: 'device_import', id: String(importNo) },
				before: null,
				after: { devices: keyed.length },
			});
			return keyed.map(({ deviceId, key }) => ({ deviceId, key }));
		});
	}

	#found(organizationNo: number, importNo: number): Promise<DeviceImport> {
		return found(this.#options.database, organizationNo, importNo);
	}
}

/** @throws `not_found` */
export async function found(
	database: Database,
	organizationNo: number,
	importNo: number,
): Promise<DeviceImport> {
	const one = await readImport(database, organizationNo, importNo);
	if (one === undefined) throw fault('not_found', { thing: 'import' });
	return one;
}

function refuseImpossible(
	{ state, rowsWrong, rowsNew }: DeviceImport,
	{ isRunning } = { isRunning: false },
): void {
	if (state === 'applied') throw notPossible('These devices were added before.');
	if (state === 'applying' && !isRunning)
		throw notPossible('These devices are being added already. Wait until that is done.');
	if (rowsWrong > 0) throw notPossible(rowsCannotBeAdded(rowsWrong));
	if (rowsNew === 0)
		throw notPossible('There is nothing to add: every device is registered already.');
}

function rowsCannotBeAdded(rows: number): string {
	return `${rows} rows cannot be added, so nothing was. Correct the file and upload it again.`;
}

function notPossible(summary: string): Fault {
	return fault('import_not_possible', { summary });
}

async function* inPortions(
	rows: AsyncIterable<ImportRow>,
	most: number,
): AsyncGenerator<ImportRow[]> {
	let portion: ImportRow[] = [];
	for await (const row of rows) {
		portion.push(row);
		if (portion.length < most) continue;
		yield portion;
		portion = [];
	}
	if (portion.length > 0) yield portion;
}
