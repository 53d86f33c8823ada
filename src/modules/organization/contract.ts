import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { signInEmailSchema } from '#contract/email.ts';
import { endpoint } from '#contract/endpoint.ts';
import { line, optionalLine, requiredLine } from '#contract/line.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import { countrySchema, currencySchema, localeSchema, timeZoneSchema } from '#contract/region.ts';
import type { Role } from '#contract/roles.ts';
import { rowNumberInPath } from '#contract/row-number.ts';

/** Parts of the product that an organization has only when it wants them. */
export const optionalModules = [
	'customer_care',
	'leases',
	'notifications',
	'master_operation',
] as const;
export const optionalModuleSchema = z.enum(optionalModules);
export type OptionalModule = z.infer<typeof optionalModuleSchema>;

/** Largest logo, in bytes. */
export const maxLogoBytes = 512 * 1024;
/** Longest side of a logo, in pixels. */
export const maxLogoPx = 4096;
export const logoMediaTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml'] as const;
export type LogoMediaType = (typeof logoMediaTypes)[number];

/** Where a logo is found by its hash. */
export function logoPath(sha256: string): string {
	return `/brand/logo/${sha256}`;
}

const readers = ['super_admin', 'admin', 'operation'] as const satisfies readonly Role[];
const editors = ['super_admin', 'admin'] as const satisfies readonly Role[];
const superAdmins = ['super_admin'] as const satisfies readonly Role[];

const nameSchema = requiredLine('name', 100);

/** What an Admin decides about the organization. */
export const organizationSettingsSchema = z.object({
	name: nameSchema,
	/** Null: the built-in one. */
	colour: z
		.string()
		.regex(/^#[0-9a-f]{6}$/i, 'Write the colour as # and six digits, as in #1b6ec2.')
		.toLowerCase()
		.nullable(),
	/** SHA-256 of its image, in hex; null without one. */
	logo: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.nullable(),
	timeZone: timeZoneSchema,
	country: countrySchema,
	locale: localeSchema,
	currency: currencySchema.nullable(),
	supportName: optionalLine('name', 100),
	supportEmail: z.email('Enter an e-mail address.').max(254).nullable(),
	supportPhone: optionalLine('phone number', 40),
	modules: z
		.array(optionalModuleSchema)
		.max(optionalModules.length)
		.transform((chosen) => optionalModules.filter((module) => chosen.includes(module))),
});
export type OrganizationSettings = z.output<typeof organizationSettingsSchema>;

/** The same as it is stored, which needs no cleaning any more. */
const storedSettingsSchema = z.object({
	name: z.string(),
	colour: z.string().nullable(),
	logo: z.string().nullable(),
	timeZone: z.string(),
	country: z.string(),
	locale: z.string(),
	currency: z.string().nullable(),
	supportName: z.string().nullable(),
	supportEmail: z.string().nullable(),
	supportPhone: z.string().nullable(),
	modules: z.array(optionalModuleSchema),
});

export const showOrganization = endpoint({
	method: 'GET',
	path: '/api/admin/organization',
	summary: 'Name, brand, region, support contact and optional modules of the organization',
	admits: readers,
	reply: storedSettingsSchema.extend({ hosts: z.array(z.string()) }),
});

export const changeOrganization = endpoint({
	method: 'PUT',
	path: '/api/admin/organization',
	summary: 'Changes name, brand, region, support contact and optional modules of the organization',
	admits: editors,
	body: z.object({
		before: organizationSettingsSchema,
		/** Its `logo` is that of before, or null to remove it; a new one comes as `newLogo`. */
		after: organizationSettingsSchema,
		/** An image file, in base64. */
		newLogo: z
			.base64()
			.max(Math.ceil(maxLogoBytes / 3) * 4, `Use an image of at most ${maxLogoBytes / 1024} kB.`)
			.nullable(),
		confirm: confirmationSchema,
	}),
	reply: storedSettingsSchema,
});

/** A host name or address without port, as browsers write it. */
export const hostSchema = line('host name', 253)
	.toLowerCase()
	.regex(
		/^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])$/,
		'Write a host name alone, as in fleet.example.com: no https://, no port, no path.',
	);

const hostsSchema = z
	.array(hostSchema)
	.max(20, 'Use at most 20 host names.')
	.transform((hosts) => [...new Set(hosts)].sort());

/** What a Super Admin decides about any organization. */
export const organizationEditSchema = z.object({ name: nameSchema, hosts: hostsSchema });
export type OrganizationEdit = z.output<typeof organizationEditSchema>;

export const newOrganizationSchema = organizationEditSchema.extend({
	timeZone: timeZoneSchema,
	country: countrySchema,
	/** Who looks after it first. */
	adminEmail: signInEmailSchema,
	adminName: optionalLine('name', 100),
});
export type NewOrganization = z.output<typeof newOrganizationSchema>;

/** One organization of the installation. Instants are epoch milliseconds. */
export const organizationRowSchema = z.object({
	organizationNo: z.int(),
	name: z.string(),
	hosts: z.array(z.string()),
	country: z.string(),
	timeZone: z.string(),
	/** Devices in service and retired. */
	devices: z.int(),
	users: z.int(),
	createdAtMs: z.number(),
	/** Whether the reader is in it now. */
	isHere: z.boolean(),
	/** Whether the reader belongs to it. */
	isHome: z.boolean(),
});
export type OrganizationRow = z.infer<typeof organizationRowSchema>;

export const organizationSorts = ['name', 'created'] as const;

const organizationsQuerySchema = z.object({
	...listShape,
	q: listShape.q.describe('Part of a name or host'),
	sort: z.enum(organizationSorts).default('name'),
	direction: directionSchema.default('asc'),
});
export type OrganizationsQuery = z.output<typeof organizationsQuerySchema>;

const organizationsPageSchema = listPageSchema(organizationRowSchema);
export type OrganizationsPage = z.infer<typeof organizationsPageSchema>;

const organizationParams = z.object({ organizationNo: rowNumberInPath });

export const listOrganizations = endpoint({
	method: 'GET',
	path: '/api/admin/organizations',
	summary: 'The organizations of the installation',
	admits: superAdmins,
	query: organizationsQuerySchema,
	reply: organizationsPageSchema,
});

export const exportOrganizations = endpoint({
	method: 'GET',
	path: '/api/admin/organizations-export',
	summary: 'All organizations that match, as an Excel workbook',
	admits: superAdmins,
	query: organizationsQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

export const showOrganizationRow = endpoint({
	method: 'GET',
	path: '/api/admin/organizations/:organizationNo',
	summary: 'One organization of the installation',
	admits: superAdmins,
	params: organizationParams,
	reply: organizationRowSchema,
});

export const addOrganization = endpoint({
	method: 'POST',
	path: '/api/admin/organizations',
	summary: 'Adds an organization and invites its first Admin',
	admits: superAdmins,
	body: newOrganizationSchema.extend({ confirm: confirmationSchema }),
	reply: organizationRowSchema,
});

export const editOrganization = endpoint({
	method: 'PUT',
	path: '/api/admin/organizations/:organizationNo',
	summary: 'Changes the name and hosts of an organization',
	admits: superAdmins,
	params: organizationParams,
	body: z.object({
		before: organizationEditSchema,
		after: organizationEditSchema,
		confirm: confirmationSchema,
	}),
	reply: organizationRowSchema,
});

export const removeOrganization = endpoint({
	method: 'DELETE',
	path: '/api/admin/organizations/:organizationNo',
	summary: 'Deletes an organization that is empty',
	admits: superAdmins,
	params: organizationParams,
	/** The organization's name, as a person types it. */
	body: z.object({ confirm: z.string().max(200) }),
	reply: z.object({}),
});

export const enterOrganization = endpoint({
	method: 'POST',
	path: '/api/admin/organizations/:organizationNo/enter',
	summary: 'Enters an organization: the session acts in it until it leaves or ends',
	admits: superAdmins,
	params: organizationParams,
	body: z.object({}),
	reply: z.object({ name: z.string() }),
});

export const leaveOrganization = endpoint({
	method: 'POST',
	path: '/api/admin/organizations/leave',
	summary: 'Leaves the organization that the session has entered',
	admits: superAdmins,
	body: z.object({}),
	reply: z.object({ name: z.string() }),
});
