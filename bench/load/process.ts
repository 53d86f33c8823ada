import type { Order, Reply } from './orders.ts';
import { Swarm } from './swarm.ts';

/** A process of the load generator: does what the bench orders over its channel. */

let swarm: Swarm | null = null;

function reply(message: Reply): void {
	process.send?.(message);
}

async function follow(order: Order): Promise<Reply> {
	switch (order.kind) {
		case 'connect':
			swarm = new Swarm(order, (reason) => reply({ kind: 'failed', reason }));
			await swarm.connect();
			return { kind: 'connected' };
		case 'run':
			if (swarm === null) return { kind: 'failed', reason: 'not connected' };
			return { kind: 'ran', result: await swarm.run(order) };
		case 'close':
			await swarm?.close();
			return { kind: 'closed' };
	}
}

process.on('message', (order: Order) => {
	follow(order).then(reply, (error: unknown) => reply({ kind: 'failed', reason: String(error) }));
});
process.on('disconnect', () => process.exit(0));
