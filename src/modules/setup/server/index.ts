import type { FastifyInstance } from 'fastify';
import { serve } from '#platform/http/serve.ts';
import { setUp } from '../contract.ts';
import { Setup, type SetupOptions } from './setup.ts';

export type { DemoDevice } from './demo.ts';
export type { DemoUser } from './demo-users.ts';
export { registerLoadDevices } from './load-devices.ts';
export type { SetupOptions } from './setup.ts';

export interface SetupModule
	extends Pick<Setup, 'needsSetup' | 'link' | 'setUpDemo' | 'hasDemoFleet'> {
	/** Serves the endpoint behind the setup page. */
	serve(app: FastifyInstance): void;
}

export function createSetup(options: SetupOptions): SetupModule {
	const setup = new Setup(options);
	return {
		needsSetup: () => setup.needsSetup(),
		link: () => setup.link(),
		setUpDemo: () => setup.setUpDemo(),
		hasDemoFleet: () => setup.hasDemoFleet(),
		serve(app) {
			serve(app, setUp, ({ body }) => setup.setUp(body));
		},
	};
}
