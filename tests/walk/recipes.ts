import { z } from 'zod';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import type { Asked, ThingKind, Things } from './world.ts';

/** By which parameters and fields things are named; a field that names nothing is plain. */
const namedBy: Readonly<Record<string, ThingKind | 'plain'>> = {
	deviceId: 'deviceId',
	deviceNo: 'deviceNo',
	deviceNos: 'deviceNo',
	customerNo: 'customerNo',
	dealerNo: 'dealerNo',
	locationNo: 'locationNo',
	importNo: 'importNo',
	parkedNo: 'parkedNo',
	auditNo: 'auditNo',
	mailNo: 'mailNo',
	organizationNo: 'organizationNo',
	person: 'email',
	firmware: 'firmware',
	before: 'factNo',
	// Searches, and values that are compared with texts of things.
	q: 'text',
	customer: 'text',
	device: 'text',
	zone: 'text',
	city: 'text',
	state: 'text',
	country: 'plain',
	action: 'plain',
	subjectKind: 'plain',
	reason: 'plain',
	status: 'plain',
	page: 'plain',
	pageSize: 'plain',
	limit: 'plain',
	points: 'plain',
	from: 'plain',
	to: 'plain',
	fromMs: 'plain',
	toMs: 'plain',
	day: 'plain',
	fields: 'plain',
	fileName: 'plain',
	key: 'plain',
};

/** What an endpoint cannot be asked without, besides the names of things. */
const neededQueries: Readonly<Record<string, string>> = {
	'GET /api/devices/:deviceId/series': 'fields=soc_pct&from=1795000000000&to=1796000000000',
	'GET /api/devices/:deviceId/track': 'day=2026-01-01',
	'GET /api/admin/location-filters': 'filter=state',
	'GET /api/map/search': 'q=nothing',
};

/** What answers only by one of the fields that name things. */
const onlyByField: readonly string[] = ['GET /api/admin/assignments'];

const plainParameters: Readonly<Record<string, string>> = { key: 'grid.walk' };

const edit = {
	name: null,
	simNo: null,
	transport: 'gsm',
	reportingIntervalSeconds: 300,
	osmandAllowed: false,
};
const location = {
	city: 'Walk',
	district: 'Walk',
	state: 'Walk',
	country: 'IN',
	zone: null,
	lat: 1,
	lon: 1,
};
const confirm = 'Confirm';
const customer = {
	name: 'Walk',
	address: 'Walk',
	city: 'Walk',
	pinCode: '411001',
	mobile: '+919876543210',
	email: 'walk@example.org',
	locationNo: null,
	dealerNo: null,
};
const dealer = {
	name: 'Walk',
	city: null,
	contactName: null,
	email: null,
	mobile: null,
	address: null,
};
const settings = {
	name: 'Walk',
	colour: null,
	logo: null,
	timeZone: 'UTC',
	country: 'IN',
	locale: 'en-IN',
	currency: null,
	supportName: null,
	supportEmail: null,
	supportPhone: null,
	modules: [],
};

interface BodyRecipe {
	/** The body that names a realm's things; undefined where the realm has none of them. */
	body(things: Things): unknown;
	readonly type?: string;
	/** It claims a name for something new, and may say that the name is taken. */
	readonly claims?: boolean;
}

/** Bodies that are more than a confirmation. */
const bodies: Readonly<Record<string, BodyRecipe>> = {
	'POST /api/admin/devices': {
		claims: true,
		body: ({ deviceId }) =>
			deviceId === undefined
				? undefined
				: {
						deviceId,
						telematicsId: null,
						name: null,
						simNo: null,
						transport: null,
						reportingIntervalSeconds: 300,
						family: 'ev',
						confirm,
					},
	},
	'PUT /api/admin/devices/:deviceId': { body: () => ({ before: edit, after: edit, confirm }) },
	'POST /api/admin/devices/assign': {
		body: ({ deviceId, customerNo }) =>
			deviceId === undefined || customerNo === undefined
				? undefined
				: { devices: [{ deviceId, customerNo: null, dealerNo: null }], customerNo, confirm },
	},
	'PUT /api/admin/device-settings': {
		body: () => ({ keyGraceHours: 24, telematicsIdFormat: null, confirm }),
	},
	'POST /api/admin/devices/:deviceId/key': { body: () => ({ confirm }) },
	'POST /api/admin/device-imports': {
		type: 'text/csv',
		body: () => 'Device ID,Family\nwalk-device,ev\n',
	},
	'POST /api/admin/locations': { body: () => location },
	'PUT /api/admin/locations/:locationNo': { body: () => ({ before: location, after: location }) },
	'POST /api/admin/locations/delete': {
		body: ({ locationNo }) =>
			locationNo === undefined ? undefined : { locationNos: [locationNo], confirm },
	},
	'POST /api/admin/customers': {
		body: ({ dealerNo, locationNo }) =>
			dealerNo === undefined || locationNo === undefined
				? undefined
				: { ...customer, dealerNo, locationNo, confirm },
	},
	'PUT /api/admin/customers/:customerNo': {
		body: () => ({ before: customer, after: customer, confirm }),
	},
	'POST /api/admin/dealers': { body: () => ({ ...dealer, confirm }) },
	'PUT /api/admin/dealers/:dealerNo': {
		body: () => ({ before: dealer, after: dealer, confirm }),
	},
	'PUT /api/admin/organization': {
		body: () => ({ before: settings, after: settings, newLogo: null, confirm }),
	},
	'POST /api/admin/organizations': {
		body: () => ({
			name: 'Walk',
			hosts: ['walk.test'],
			timeZone: 'UTC',
			country: 'IN',
			adminEmail: 'walk-admin@example.org',
			adminName: null,
			confirm,
		}),
	},
	'PUT /api/admin/organizations/:organizationNo': {
		body: () => ({
			before: { name: 'Walk', hosts: [] },
			after: { name: 'Walk', hosts: [] },
			confirm,
		}),
	},
	'POST /api/admin/organizations/:organizationNo/enter': { body: () => ({}) },
	'POST /api/admin/organizations/leave': { body: () => ({}) },
	'POST /api/devices/:deviceId/commands': { body: () => ({ name: 'reboot', confirm }) },
	'POST /api/parked/replay': { body: (things) => parkedSelection(things) },
	'POST /api/parked/discard': { body: (things) => parkedSelection(things) },
	'PUT /api/preferences/:key': { body: () => ({ value: null }) },
	'POST /api/admin/outbox/:mailNo/text': { body: () => ({}) },
	'POST /api/password/forgot': { body: () => ({ email: 'walk@example.org' }) },
	'POST /api/password/link': { body: () => ({ purpose: 'reset', token: 'none' }) },
	'POST /api/password/reset': {
		body: () => ({ token: 'none', password: 'a sentence works well' }),
	},
	'POST /api/account/activate': {
		body: () => ({ token: 'none', password: 'a sentence works well' }),
	},
	// Refused as soon as an installation is set up, whatever it says.
	'POST /api/setup': {
		body: () => ({
			token: 'none',
			organizationName: 'Walk',
			timeZone: 'UTC',
			country: 'IN',
			userName: 'Walk',
			email: 'walk@example.org',
			password: 'a sentence works well',
			fleet: 'empty',
		}),
	},
};

function parkedSelection({ parkedNo }: Things): unknown {
	return parkedNo === undefined ? undefined : { selection: { parkedNos: [parkedNo] }, confirm };
}

/** Where Super Admins see every organization of the installation; to them nothing there is foreign. */
export function isAcrossOrganizations({ path }: AnyEndpoint): boolean {
	return path.startsWith('/api/admin/organizations');
}

const propertiesSchema = z.object({
	properties: z.record(z.string(), z.looseObject({ enum: z.array(z.unknown()).optional() })),
});

/** One way to ask an endpoint, which names things of the kinds. */
export interface Way {
	readonly endpoint: AnyEndpoint;
	/** As in `GET /api/devices/:deviceId?q`. */
	readonly name: string;
	/** Whether the things stand in the path: then there is nothing to answer about foreign ones. */
	readonly isInPath: boolean;
	readonly claims: boolean;
	readonly kinds: readonly ThingKind[];
	/** Null where a realm has nothing of the kind. */
	asked(things: Things): Asked | null;
}

/**
 * Every way to ask an endpoint: as it is, and once more by each field of its query that names things.
 * @throws where it takes something that no recipe knows
 */
export function waysOf(endpoint: AnyEndpoint): Way[] {
	const { method, path } = endpoint;
	const name = `${method} ${path}`;
	const parameters = [...path.matchAll(/:(\w+)/g)].map(([, parameter = '']) => parameter);
	const inPath = parameters.flatMap((parameter) => kindOf(name, parameter) ?? []);
	const recipe = bodyRecipeOf(endpoint, name);

	function way(field: string | null, kind: ThingKind | null): Way {
		return {
			endpoint,
			name: field === null ? name : `${name}?${field}`,
			isInPath: inPath.length > 0,
			claims: recipe?.claims ?? false,
			kinds: kind === null ? inPath : [...inPath, kind],
			asked(things) {
				let filled: string = path;
				for (const parameter of parameters) {
					const named = kindOf(name, parameter);
					const value = named === null ? plainParameters[parameter] : things[named];
					if (value === undefined) return null;
					filled = filled.replace(`:${parameter}`, encodeURIComponent(value));
				}
				const query = new URLSearchParams(neededQueries[name] ?? '');
				if (field !== null && kind !== null) {
					const value = things[kind];
					if (value === undefined) return null;
					query.set(field, String(value));
				}
				const body = recipe?.body(things);
				if (recipe !== null && body === undefined) return null;
				return {
					method,
					path: query.size === 0 ? filled : `${filled}?${query}`,
					...(recipe !== null && {
						body: {
							type: recipe.type ?? 'application/json',
							text: typeof body === 'string' ? body : JSON.stringify(body),
						},
					}),
				};
			},
		};
	}

	return [
		...(onlyByField.includes(name) ? [] : [way(null, null)]),
		...queryFieldsOf(endpoint, name).map(({ field, kind }) => way(field, kind)),
	];
}

function bodyRecipeOf({ method, body }: AnyEndpoint, name: string): BodyRecipe | null {
	const recipe = bodies[name];
	if (recipe !== undefined) return recipe;
	if (method === 'GET') return null;
	const fields = body === undefined ? [] : Object.keys(propertiesOf(body));
	if (body === undefined || fields.some((field) => field !== 'confirm'))
		throw new Error(
			`There is no recipe for the body of ${name}. Add one to tests/walk/recipes.ts.`,
		);
	return { body: () => ({ confirm }) };
}

function queryFieldsOf({ query }: AnyEndpoint, name: string) {
	if (query === undefined) return [];
	return Object.entries(propertiesOf(query)).flatMap(([field, schema]) => {
		if (schema.enum !== undefined) return [];
		const kind = kindOf(name, field);
		return kind === null ? [] : [{ field, kind }];
	});
}

function propertiesOf(schema: z.ZodType) {
	const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
	return propertiesSchema.safeParse(json).data?.properties ?? {};
}

/** What a parameter or field names; null for a plain one. */
function kindOf(where: string, field: string): ThingKind | null {
	const kind = namedBy[field];
	if (kind === undefined)
		throw new Error(
			`There is no recipe for “${field}” of ${where}. Add one to tests/walk/recipes.ts.`,
		);
	return kind === 'plain' ? null : kind;
}

/** Parameters of a topic that name things; null where a realm has nothing of the kind. */
export function topicParams(name: string, params: z.ZodType, things: Things): unknown {
	const filled: Record<string, unknown> = {};
	for (const [field, schema] of Object.entries(propertiesOf(params))) {
		const kind = kindOf(name, field);
		if (kind === null) continue;
		const value = things[kind];
		if (value === undefined) return null;
		filled[field] = schema.type === 'array' ? [value] : value;
	}
	return filled;
}
