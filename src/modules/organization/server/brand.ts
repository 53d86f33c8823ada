import { type Brand, unbranded } from '#contract/brand.ts';
import { fault } from '#contract/faults.ts';
import type { Database } from '#platform/database/connect.ts';
import { type LogoMediaType, logoPath, type OrganizationSettings } from '../contract.ts';

/** What the portal is called at a host that leads to no organization in particular. */
const unnamedPortal = 'Quarterdeck';

/** What people see of an organization: for pages, mails and files. @throws `not_found` */
export async function brandOf(database: Database, organizationNo: number): Promise<Brand> {
	const row = await selectBrand(database)
		.where('o.organization_no', '=', organizationNo)
		.executeTakeFirst();
	if (row === undefined) throw fault('not_found', { thing: 'organization' });
	return brandIn(row);
}

/**
 * The brand at a host name (without port): that of its organization; at any other, of the first organization without a
 * host of its own, or of the only one.
 */
export async function brandForHost(database: Database, host: string): Promise<Brand> {
	const owner = await selectBrand(database)
		.innerJoin('organization_host as h', 'h.organization_no', 'o.organization_no')
		.where('h.host', '=', host.toLowerCase())
		.executeTakeFirst();
	if (owner !== undefined) return brandIn(owner);
	const withoutHost = await selectBrand(database)
		.where(({ not, exists, selectFrom }) =>
			not(
				exists(
					selectFrom('organization_host as h')
						.select('h.host')
						.whereRef('h.organization_no', '=', 'o.organization_no'),
				),
			),
		)
		.orderBy('o.organization_no')
		.limit(1)
		.executeTakeFirst();
	if (withoutHost !== undefined) return brandIn(withoutHost);
	const [only, another] = await selectBrand(database).limit(2).execute();
	return only === undefined || another !== undefined ? unbranded(unnamedPortal) : brandIn(only);
}

export interface Logo {
	readonly mediaType: LogoMediaType;
	readonly image: Buffer;
}

/** An organization's logo by the hash in its path. */
export async function readLogo(database: Database, sha256: string): Promise<Logo | undefined> {
	return database
		.selectFrom('organization_logo')
		.select(['media_type as mediaType', 'image'])
		.where('sha256', '=', sha256)
		.limit(1)
		.$narrowType<{ mediaType: LogoMediaType }>()
		.executeTakeFirst();
}

function selectBrand(database: Database) {
	return database
		.selectFrom('organization as o')
		.leftJoin('organization_logo as l', 'l.organization_no', 'o.organization_no')
		.select([
			'o.name',
			'o.colour',
			'l.sha256 as logo',
			'o.support_name as supportName',
			'o.support_email as supportEmail',
			'o.support_phone as supportPhone',
		]);
}

type BrandRow = Pick<
	OrganizationSettings,
	'name' | 'colour' | 'logo' | 'supportName' | 'supportEmail' | 'supportPhone'
>;

/** What people see of an organization that is set so. */
export function brandIn(row: BrandRow): Brand {
	return {
		name: row.name,
		colour: row.colour,
		logo: row.logo === null ? null : logoPath(row.logo),
		support: { name: row.supportName, email: row.supportEmail, phone: row.supportPhone },
	};
}
