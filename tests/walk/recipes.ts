import { z } from 'zod';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import { realms } from './realms.ts';
import type { Asked, Reader, ThingKind, Things } from './world.ts';

const dayMs = 86_400_000;
/**
 * Days ago: when a device changed hands, and when something happened to it before; so lately that the product does not
 * pack its readings while it is walked through.
 */
export const pastDays = { handover: 2, before: 5 };
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString();

/** By which parameters and fields things are named; a field that names nothing is plain. */
const namedBy: Readonly<Record<string, ThingKind | 'plain'>> = {
	deviceId: 'deviceId',
	device_id: 'deviceId',
	command_id: 'commandId',
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
	userNo: 'userNo',
	ownerId: 'userId',
	sessionId: 'sessionId',
	publicId: 'publicId',
	owner: 'email',
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
	family: 'plain',
	cursor: 'plain',
};

/** Where a field names something else than elsewhere. */
const namedOtherwise: Readonly<Record<string, ThingKind>> = {
	'GET /api/admin/users?customer': 'customerNo',
	'GET /api/admin/users?dealer': 'dealerNo',
	'GET /api/admin/user-export?customer': 'customerNo',
	'GET /api/admin/user-export?dealer': 'dealerNo',
	'GET /api/v1/devices?customer': 'customerNo',
};

const month = { from: daysAgo(29), to: daysAgo(-1) };

/** What an endpoint is asked with besides the names of things, where it needs something or answers something else. */
const queries: Readonly<Record<string, readonly string[]>> = {
	'GET /api/devices/:deviceId/series': [
		`fields=soc_pct,odometer_km&from=${Date.parse(month.from)}&to=${Date.parse(month.to)}`,
	],
	'GET /api/devices/:deviceId/track': [0, pastDays.before].map(
		(days) => `day=${daysAgo(days + 1 / 24).slice(0, 10)}`,
	),
	'GET /api/admin/location-filters': ['filter=zone', 'filter=state', 'filter=country'],
	'GET /api/map/search': ['q=nothing'],
	'GET /api/v1/devices/:device_id/telemetry/history': [`from=${month.from}&to=${month.to}`],
	'GET /api/admin/assignments': ['when=now', 'when=before'],
	'GET /api/admin/devices': ['state=active', 'state=retired'],
};

/** What answers only by one of the fields that name things. */
const onlyByField: readonly string[] = ['GET /api/admin/assignments'];

/** Under which everybody keeps a preference. */
export const preferenceKey = 'grid.walk';
const plainParameters: Readonly<Record<string, string>> = { key: preferenceKey };

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
const deviceSettings = { keyGraceHours: 24, telematicsIdFormat: null };
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
	/** The body that names a realm's things, and the reader's; undefined where the realm has none of them. */
	body(things: Things, mine: Things): unknown;
	readonly type?: string;
	/** It says what cannot be, and may be told so. */
	readonly isWrong?: boolean;
	/** The answer may name what was asked for, whether there is such a thing or not. */
	readonly isEchoed?: boolean;
	/** It claims a name for something new, and may say that the name is taken. */
	readonly claims?: boolean;
}

const user = {
	name: 'Walk',
	role: 'operation',
	misRole: 'user',
	userAccount: 'Walk',
	dealerNo: null,
	customerNos: null,
};
const token = {
	name: 'Walk',
	kind: 'read_only',
	deviceIds: null,
	expiresInDays: 1,
	confirm,
};
const provider = {
	label: 'Walk',
	issuer: 'https://127.0.0.1:9',
	clientId: 'walk',
	domains: [],
	isEnabled: true,
};

const signInPolicy = { requiresSecondFactor: false, allowsPassword: true };

/** Bodies that are more than a confirmation. */
const bodies: Readonly<Record<string, BodyRecipe | readonly BodyRecipe[]>> = {
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
	'POST /api/admin/devices/assign': [
		{
			body: ({ deviceId, customerNo }) =>
				deviceId === undefined || customerNo === undefined
					? undefined
					: { devices: [{ deviceId, customerNo: null, dealerNo: null }], customerNo, confirm },
		},
		{
			body: ({ customerNo }, mine) =>
				customerNo === undefined || customerNo === mine.customerNo
					? undefined
					: { devices: [belongingOf(mine)], customerNo, confirm },
		},
		{
			body: ({ dealerNo }, mine) =>
				dealerNo === undefined || dealerNo === mine.dealerNo
					? undefined
					: { devices: [belongingOf(mine)], dealerNo, confirm },
		},
	],
	'POST /api/admin/users': [
		{
			isWrong: true,
			body: ({ dealerNo }) =>
				dealerNo === undefined
					? undefined
					: { ...user, email: 'walk@example.org', role: 'dealer', dealerNo, confirm },
		},
		{
			isWrong: true,
			body: ({ customerNo }) =>
				customerNo === undefined
					? undefined
					: { ...user, email: 'walk@example.org', customerNos: [customerNo], confirm },
		},
	],
	'PUT /api/admin/users/:userNo': { body: () => ({ before: user, after: user, confirm }) },
	'POST /api/admin/tokens': [
		{
			body: ({ userId }) => (userId === undefined ? undefined : { ...token, ownerId: userId }),
		},
		{
			isEchoed: true,
			body: ({ deviceId }) =>
				deviceId === undefined ? undefined : { ...token, deviceIds: [deviceId] },
		},
	],
	'PUT /api/admin/sign-in': {
		isWrong: true,
		body: () => ({ before: null, after: provider, clientSecret: 'walk', confirm }),
	},
	'PUT /api/admin/sign-in/policy': {
		body: () => ({ before: signInPolicy, after: signInPolicy, confirm }),
	},
	'POST /api/admin/sign-in/check': { body: () => ({}) },
	// Nothing in them names anything; what is asked of them would take a password's time each.
	'POST /api/account/password': { isWrong: true, body: () => ({}) },
	'POST /api/account/second-factor/begin': { isWrong: true, body: () => ({}) },
	'POST /api/account/second-factor/confirm': { isWrong: true, body: () => ({}) },
	'POST /api/account/second-factor/recovery-codes': { isWrong: true, body: () => ({}) },
	'POST /api/account/second-factor/switch-off': { isWrong: true, body: () => ({}) },
	'POST /api/auth/second-step': { body: () => ({ code: '000000' }) },
	'POST /api/v1/devices/:device_id/commands': { body: () => ({ command: 'reboot' }) },
	// The devices of the walk are vehicles, which have no settings: what is not foreign is refused as that.
	'PATCH /api/v1/devices/:device_id/settings': {
		body: () => ({ settings: { low_battery_start_v: 12.1 } }),
	},
	'PUT /api/admin/device-settings': {
		body: () => ({ before: deviceSettings, after: deviceSettings, confirm }),
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
	'POST /api/admin/customers': [
		{
			body: ({ dealerNo, locationNo }) =>
				dealerNo === undefined || locationNo === undefined
					? undefined
					: { ...customer, dealerNo, locationNo, confirm },
		},
		{
			body: ({ dealerNo }, mine) =>
				dealerNo === undefined || dealerNo === mine.dealerNo
					? undefined
					: { ...customer, dealerNo, confirm },
		},
		{
			body: ({ locationNo }, mine) =>
				locationNo === undefined || locationNo === mine.locationNo
					? undefined
					: { ...customer, locationNo, confirm },
		},
	],
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

/** A device with to whom it belongs. */
function belongingOf({ deviceId, customerNo, dealerNo }: Things) {
	return { deviceId, customerNo, dealerNo };
}

function parkedSelection({ parkedNo }: Things): unknown {
	return parkedNo === undefined ? undefined : { selection: { parkedNos: [parkedNo] }, confirm };
}

/** Where Super Admins see every organization of the installation; to them nothing there is foreign. */
export function isAcrossOrganizations({ path }: AnyEndpoint): boolean {
	return path.startsWith('/api/admin/organizations');
}

/** Reads of what is the whole organization's: who is narrowed is refused. */
const ofWholeOrganization: readonly string[] = [
	'GET /api/admin/audit',
	'GET /api/admin/audit-export',
	'GET /api/admin/audit/:auditNo',
	'GET /api/admin/audit/filters',
	'GET /api/admin/device-imports',
	'GET /api/admin/device-imports/:importNo',
	'GET /api/admin/organization',
	'GET /api/admin/outbox',
	'GET /api/admin/outbox/:mailNo',
	'GET /api/admin/sign-in',
	'GET /api/admin/sign-in/policy',
	'GET /api/admin/user-export',
	'GET /api/admin/users',
	'GET /api/admin/users/:userNo',
	'GET /api/admin/users/:userNo/sessions',
];

/** Where who had a device hears its id ever after, and nothing else of it. */
export function namesFormerDevices({ name }: Way): boolean {
	return name.startsWith('GET /api/admin/assignments?when=before');
}

/** Whether somebody whose role is admitted is refused all the same. */
export function isRefusedAnyway({ method, path, tokens }: AnyEndpoint, reader: Reader): boolean {
	if (reader.token !== undefined && tokens === 'control') return !reader.token.mayControl;
	if (tokens === 'control') return true;
	return ofWholeOrganization.includes(`${method} ${path}`) && reader.foreign.includes(realms.house);
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
	readonly isWrong: boolean;
	readonly isEchoed: boolean;
	/** Null where a realm has nothing of the kind. What is `mine` is named where the way mixes both. */
	asked(things: Things, mine: Things): Asked | null;
}

/**
 * Every way to ask an endpoint: as it is, and once more by each field of its query that names things; where it names
 * several, also with all but the last the reader's own.
 * @throws where it takes something that no recipe knows
 */
export function waysOf(endpoint: AnyEndpoint): Way[] {
	const name = `${endpoint.method} ${endpoint.path}`;
	const fields = [
		...(onlyByField.includes(name) ? [] : [null]),
		...queryFieldsOf(endpoint, name).map(({ field, kind }) => ({ field, kind })),
	];
	return fields.flatMap((field) =>
		(queries[name] ?? ['']).flatMap((query) =>
			bodyRecipesOf(endpoint, name).flatMap((recipe) => {
				const parts = { endpoint, name, field, query, recipe };
				const named = parametersOf(endpoint, name).filter(({ kind }) => kind !== null);
				const isMixable = named.length + Number(field !== null) > 1;
				return [
					way({ ...parts, isMixed: false }),
					...(isMixable ? [way({ ...parts, isMixed: true })] : []),
				];
			}),
		),
	);
}

interface WayParts {
	readonly endpoint: AnyEndpoint;
	readonly name: string;
	readonly field: { readonly field: string; readonly kind: ThingKind } | null;
	readonly query: string;
	readonly recipe: BodyRecipe | null;
	readonly isMixed: boolean;
}

function way({ endpoint, name, field, query, recipe, isMixed }: WayParts): Way {
	const { method, path } = endpoint;
	const parameters = parametersOf(endpoint, name);
	const lastNamed = parameters.findLast(({ kind }) => kind !== null);
	const said = [query, field?.field, isMixed && 'mixed'].filter(Boolean).join(' ');
	return {
		endpoint,
		name: said === '' ? name : `${name}?${said}`,
		isInPath: lastNamed !== undefined && !(isMixed && field !== null),
		claims: recipe?.claims ?? false,
		isWrong: recipe?.isWrong ?? false,
		isEchoed: recipe?.isEchoed ?? false,
		asked(things, mine) {
			let filled: string = path;
			for (const parameter of parameters) {
				const isLast = field === null && parameter === lastNamed;
				const whose = isMixed && !isLast ? mine : things;
				const value =
					parameter.kind === null ? plainParameters[parameter.name] : whose[parameter.kind];
				if (value === undefined) return null;
				filled = filled.replace(`:${parameter.name}`, encodeURIComponent(value));
			}
			const search = new URLSearchParams(query);
			if (field !== null) {
				const value = things[field.kind];
				if (value === undefined) return null;
				search.set(field.field, String(value));
			}
			if (takesPageSize(endpoint)) search.set('pageSize', '100');
			const body = recipe?.body(things, mine);
			if (recipe !== null && body === undefined) return null;
			return {
				method,
				path: search.size === 0 ? filled : `${filled}?${search}`,
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

function parametersOf({ path }: AnyEndpoint, where: string) {
	return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
		name,
		kind: kindOf(where, name),
	}));
}

function takesPageSize({ query }: AnyEndpoint): boolean {
	return query !== undefined && 'pageSize' in propertiesOf(query);
}

function bodyRecipesOf(
	{ method, body }: AnyEndpoint,
	name: string,
): readonly (BodyRecipe | null)[] {
	const recipe = bodies[name];
	if (recipe !== undefined) return 'body' in recipe ? [recipe] : recipe;
	if (method === 'GET') return [null];
	const fields = body === undefined ? [] : Object.keys(propertiesOf(body));
	if (body === undefined || fields.some((field) => field !== 'confirm'))
		throw new Error(
			`There is no recipe for the body of ${name}. Add one to tests/walk/recipes.ts.`,
		);
	return [{ body: () => ({ confirm }) }];
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
	const kind = namedOtherwise[`${where}?${field}`] ?? namedBy[field];
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
