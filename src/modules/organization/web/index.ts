import { IconBuilding, IconBuildingCommunity } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { listOrganizations, showOrganization } from '../contract.ts';
import { offerText } from './offer-text.ts';

/** The own organization, and for Super Admins all of them. */
export const organizationPages: readonly ShellPage[] = [
	{
		path: paths.organization,
		title: offerText('organization'),
		icon: IconBuilding,
		section: 'admin',
		admits: showOrganization.admits,
		load: () => import('./organization-page.tsx'),
	},
	{
		path: paths.organizations,
		title: offerText('organizations'),
		icon: IconBuildingCommunity,
		section: 'admin',
		admits: listOrganizations.admits,
		load: () => import('./organizations-page.tsx'),
	},
];
