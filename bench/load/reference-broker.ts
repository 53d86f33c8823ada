import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** The reference: a bare aedes that admits everybody and acknowledges QoS 1 with nothing behind it. */

const aedes = await Aedes.createBroker();
const server = createServer(aedes.handle).listen(0, '127.0.0.1', 4096, () => {
	const address = server.address();
	if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.on('disconnect', () => process.exit(0));
