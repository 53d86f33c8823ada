export {
	createOrganization,
	findNameForHost,
	hasDemoOrganization,
	hasOrganization,
	type NewOrganization,
} from './store.ts';
