export { brandForHost, brandIn, brandOf } from './brand.ts';
export { type OrganizationRoutesOptions, serveOrganizationRoutes } from './routes.ts';
export { readSettings } from './settings.ts';
export {
	createOrganization,
	hasDemoOrganization,
	hasOrganization,
	type NewOrganization,
} from './store.ts';
