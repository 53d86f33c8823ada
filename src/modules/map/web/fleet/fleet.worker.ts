import { type FleetChanges, readChanges, readSnapshot } from '#contract/position-record.ts';
import type { FleetReply, FleetRequest } from './fleet-messages.ts';
import { FleetStore } from './fleet-store.ts';

const store = new FleetStore();
/** Ten minutes of changes: a snapshot that takes longer is asked for again. */
const mostKept = 600;
/** Changes since a snapshot was asked for; null while none is. */
let kept: FleetChanges[] | null = null;

self.onmessage = ({ data }: MessageEvent<FleetRequest>) => {
	switch (data.type) {
		case 'expect':
			kept ??= [];
			return;
		case 'changes': {
			const changes = readChanges(data.buffer);
			kept?.push(changes);
			if (kept !== null && kept.length > mostKept) kept.shift();
			store.apply(changes);
			return;
		}
		case 'snapshot':
			load(data.id, data.buffer);
			return;
		case 'view': {
			const view = store.view(data.view);
			reply({ type: 'view', id: data.id, view }, [view.points.buffer, view.pointNos.buffer]);
		}
	}
};

function load(id: number, buffer: ArrayBuffer): void {
	try {
		const snapshot = readSnapshot(buffer);
		store.load(snapshot);
		for (const changes of kept ?? []) if (changes.asOfMs >= snapshot.asOfMs) store.apply(changes);
		kept = null;
		reply({ type: 'loaded', id, count: store.count, bounds: store.bounds() });
	} catch (error) {
		reply({ type: 'refused', id, reason: String(error) });
	}
}

function reply(message: FleetReply, transfer: Transferable[] = []): void {
	self.postMessage(message, { transfer });
}
