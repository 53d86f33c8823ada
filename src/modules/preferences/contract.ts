import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';

/** What one preference may weigh as JSON. */
export const maxPreferenceBytes = 8_192;
/** How many a person may keep in one organization: more than there are pages to arrange. */
export const maxPreferences = 200;

const params = z.object({
	key: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'Name a preference like grid.fleet.'),
});

export const showPreference = endpoint({
	method: 'GET',
	path: '/api/preferences/:key',
	summary: 'How the signed-in person arranged something; null when never',
	admits: 'signed-in',
	params,
	reply: z.object({ value: z.json() }),
});

export const savePreference = endpoint({
	method: 'PUT',
	path: '/api/preferences/:key',
	summary: 'Keeps how the signed-in person arranged something; null forgets it',
	admits: 'signed-in',
	params,
	body: z.object({ value: z.json() }),
	reply: z.object({}),
});
