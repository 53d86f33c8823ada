import { sql } from 'kysely';
import type { z } from 'zod';
import type { EndpointReply } from '#contract/endpoint.ts';
import { fault } from '#contract/faults.ts';
import { usualLocale } from '#contract/region.ts';
import { checkPassword } from '#modules/access/server/index.ts';
import {
	createOrganization,
	hasDemoOrganization,
	hasOrganization,
} from '#modules/organization/server/index.ts';
import type { Products } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import { type setUp, setupPath } from '../contract.ts';
import { type CreatedDemo, createDemo, type DemoDevice } from './demo.ts';
import {
	type DemoCredential,
	hasDemoCredentials,
	writeDemoCredentials,
} from './demo-credentials.ts';
import { demoOrganization } from './demo-fleet.ts';
import type { DemoUser } from './demo-users.ts';
import { createSetupToken, type SetupToken } from './token.ts';

/** Number of the advisory lock under which an installation is set up once, however many try. */
const setupLock = 7_203_412;

export type SetupInput = z.output<NonNullable<(typeof setUp)['body']>>;

export interface SetupOptions {
	readonly database: Database;
	readonly products: Products;
	/** Folder that keeps the demo devices' keys. */
	readonly dataDir: string;
	readonly log: Log;
	readonly clock: Clock;
	/** Stores what the demo devices have said before, as if it had come by the road. */
	readonly recall: (devices: readonly DemoDevice[]) => Promise<void>;
	/** Called once a demo fleet is there, so that its devices begin to speak. */
	readonly onDemoFleet: () => void;
}

/** The one time in which an installation gets its organization and its first user. */
export class Setup {
	readonly #options: SetupOptions;
	readonly #token: SetupToken = createSetupToken();
	#isDone = false;

	constructor(options: SetupOptions) {
		this.#options = options;
	}

	async needsSetup(): Promise<boolean> {
		this.#isDone ||= await hasOrganization(this.#options.database);
		return !this.#isDone;
	}

	/** Path of the one-time link; null once the installation is set up. */
	async link(): Promise<string | null> {
		return (await this.needsSetup()) ? `${setupPath}#${this.#token.text}` : null;
	}

	/**
	 * Sets the installation up as the person with the link asks.
	 * @throws `setup_link_invalid`, or `setup_done` when somebody else was first
	 */
	async setUp(input: SetupInput): Promise<EndpointReply<typeof setUp>> {
		if (!(await this.needsSetup())) throw fault('setup_done');
		if (!this.#token.matches(input.token)) throw fault('setup_link_invalid');
		checkPassword(input.password, input);
		const isDemo = input.fleet === 'demo';
		const demo = await this.#once(async (transaction) => {
			const organizationNo = await createOrganization(transaction, {
				name: input.organizationName,
				timeZone: input.timeZone,
				country: input.country,
				locale: usualLocale(input.country),
				isDemo,
				hosts: [],
			});
			await createMember(transaction, {
				organizationNo,
				name: input.userName,
				email: input.email,
				password: input.password,
				role: 'super_admin',
				dealerNo: null,
				customerNos: null,
			});
			return isDemo
				? createDemo(transaction, organizationNo, input.email, this.#options.clock())
				: null;
		});
		return { demoUsers: [...(demo?.users ?? [])] };
	}

	/** Sets up the demo fleet without questions. @returns its sign-ins, or null when the installation was set up before */
	async setUpDemo(): Promise<readonly DemoUser[] | null> {
		if (!(await this.needsSetup())) return null;
		const demo = await this.#once(async (transaction) => {
			const organizationNo = await createOrganization(transaction, {
				...demoOrganization,
				locale: usualLocale(demoOrganization.country),
				isDemo: true,
				hosts: [],
			});
			return createDemo(transaction, organizationNo, null, this.#options.clock());
		});
		return demo.users;
	}

	/** Whether there is a demo fleet whose devices this installation can play. */
	async hasDemoFleet(): Promise<boolean> {
		const { database, dataDir } = this.#options;
		return (await hasDemoOrganization(database)) && (await hasDemoCredentials(dataDir));
	}

	/** Runs what sets the installation up, unless it was; the keys are kept before the commit, so that none is lost. */
	async #once<Created extends CreatedDemo | null>(
		create: (transaction: Database) => Promise<Created>,
	): Promise<Created> {
		const { database, dataDir, products, log, onDemoFleet } = this.#options;
		const created = await database.transaction().execute(async (transaction) => {
			await sql`select pg_advisory_xact_lock(${setupLock})`.execute(transaction);
			if (await hasOrganization(transaction)) throw fault('setup_done');
			const made = await create(transaction);
			if (made !== null) await writeDemoCredentials(dataDir, credentialsOf(made));
			return made;
		});
		this.#isDone = true;
		log.info({ devices: created?.deviceNos.length ?? 0 }, 'the installation is set up');
		if (created !== null) {
			await this.#recall(created.devices);
			await products.announce(created.deviceNos);
			onDemoFleet();
		}
		return created;
	}

	/** Without its past the fleet is poorer, but it is there, and its sign-ins are shown only now. */
	async #recall(devices: readonly DemoDevice[]): Promise<void> {
		const { recall, log } = this.#options;
		try {
			await recall(devices);
		} catch (error) {
			log.error({ err: error }, 'what the demo devices said before could not be stored');
		}
	}
}

function credentialsOf({ devices }: CreatedDemo): DemoCredential[] {
	return devices.map(({ credential }) => credential);
}
