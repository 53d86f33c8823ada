import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { maxPreferenceBytes, maxPreferences, savePreference, showPreference } from '../contract.ts';
import { forgetPreference, keepPreference, type Person, readPreference } from './store.ts';

/** What each person keeps for themselves; nobody reads another's. */
export function servePreferenceRoutes(app: FastifyInstance, database: Database): void {
	serve(app, showPreference, async ({ params, principal }) => ({
		value: await readPreference(database, personOf(principal), params.key),
	}));

	serve(app, savePreference, async ({ params, body, principal }) => {
		if (body.value === null) {
			await forgetPreference(database, personOf(principal), params.key);
			return {};
		}
		const written = JSON.stringify(body.value);
		if (Buffer.byteLength(written) > maxPreferenceBytes)
			throw fault('too_large', { limit: `${maxPreferenceBytes} bytes` });
		const isKept = await keepPreference(
			database,
			personOf(principal),
			params.key,
			written,
			maxPreferences,
		);
		if (!isKept)
			throw fault('invalid_input', {
				summary: `You keep ${maxPreferences} preferences already. Set one of them to null first.`,
			});
		return {};
	});
}

function personOf({ userId, scope }: Principal): Person {
	return { userId, organizationNo: scope.organizationNo };
}
