import { rowsHeader, rowsPerMarkHeader } from '#contract/workbook.ts';
import { readProblem, unexpectedReply, unreachable } from '#web/api/problem.ts';
import { FlushMarks } from './flush-marks.ts';

/** A workbook on its way. It goes on whatever page is open. */
export interface Download {
	readonly id: number;
	readonly name: string;
	readonly rows: number;
	/** Null until the server has counted them. */
	readonly totalRows: number | null;
	readonly phase: 'running' | 'done' | 'failed';
	/** Why it failed. */
	readonly reason: string | null;
}

const listeners = new Set<() => void>();
const controllers = new Map<number, AbortController>();
let downloads: readonly Download[] = [];
let lastId = 0;

export function currentDownloads(): readonly Download[] {
	return downloads;
}

export function onDownloadsChanged(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/** Downloads a workbook and gives it to the browser to keep as `fileName`. */
export async function startDownload(path: string, name: string, fileName: string): Promise<void> {
	lastId += 1;
	const id = lastId;
	const controller = new AbortController();
	controllers.set(id, controller);
	change([...downloads, { id, name, rows: 0, totalRows: null, phase: 'running', reason: null }]);
	try {
		const file = await receive(path, controller.signal, (part) => update(id, part));
		update(id, { phase: 'done' });
		keepFile(file, fileName);
	} catch (error) {
		if (controller.signal.aborted) dismissDownload(id);
		else
			update(id, {
				phase: 'failed',
				reason: error instanceof Error ? error.message : String(error),
			});
	} finally {
		controllers.delete(id);
	}
}

/** Stops a download that is running, and the server's work on it. */
export function cancelDownload(id: number): void {
	controllers.get(id)?.abort();
}

export function dismissDownload(id: number): void {
	change(downloads.filter((download) => download.id !== id));
}

function update(id: number, part: Partial<Download>): void {
	change(downloads.map((download) => (download.id === id ? { ...download, ...part } : download)));
}

function change(next: readonly Download[]): void {
	downloads = next;
	for (const listener of listeners) listener();
}

async function receive(
	path: string,
	signal: AbortSignal,
	onProgress: (part: Partial<Download>) => void,
): Promise<Blob> {
	const response = await ask(path, signal);
	if (!response.ok || response.body === null) {
		const body: unknown = await response.json().catch(() => null);
		throw readProblem(body, response.headers) ?? unexpectedReply(response.status);
	}
	const totalRows = Number(response.headers.get(rowsHeader) ?? Number.NaN);
	const rowsPerMark = Number(response.headers.get(rowsPerMarkHeader) ?? 0);
	onProgress({ totalRows });
	const marks = new FlushMarks();
	const pieces: Uint8Array<ArrayBuffer>[] = [];
	for (const reader = response.body.getReader(); ; ) {
		const { done, value } = await reader.read();
		if (done) break;
		pieces.push(value);
		marks.take(value);
		onProgress({ rows: Math.min(totalRows, marks.count * rowsPerMark) });
	}
	return new Blob(pieces, { type: response.headers.get('content-type') ?? '' });
}

async function ask(path: string, signal: AbortSignal): Promise<Response> {
	try {
		return await fetch(path, { signal });
	} catch (error) {
		if (signal.aborted) throw error;
		throw unreachable();
	}
}

/** Gives a file to the browser to keep. */
export function keepFile(file: Blob, fileName: string): void {
	const url = URL.createObjectURL(file);
	const link = document.createElement('a');
	link.href = url;
	link.download = fileName;
	link.click();
	// The browser has the file once its own turn is over.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
