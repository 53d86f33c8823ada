import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import { passwordSchema } from '#contract/password.ts';
import { countrySchema, timeZoneSchema } from '#contract/region.ts';

/** Path of the page to which the one-time link leads; the token is the link's fragment, so it never reaches a log. */
export const setupPath = '/setup';

export const fleetChoices = ['empty', 'demo'] as const;

export const setUp = endpoint({
	method: 'POST',
	path: '/api/setup',
	summary:
		'Creates the organization and its first user (Super Admin); works once, with the printed link',
	admits: 'everyone',
	body: z.object({
		token: z.string().min(1).max(200),
		organizationName: z.string().trim().min(1, 'Give the organization a name.').max(100),
		timeZone: timeZoneSchema,
		country: countrySchema,
		userName: z.string().trim().min(1, 'Enter your name.').max(100),
		email: z.email('Enter an e-mail address.').max(254),
		password: passwordSchema,
		fleet: z.enum(fleetChoices),
	}),
	reply: z.object({
		/** Users of the demo fleet, one for each role, with their generated passwords; shown once. */
		demoUsers: z.array(z.object({ role: z.string(), email: z.string(), password: z.string() })),
	}),
});
