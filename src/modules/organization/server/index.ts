export {
	createOrganization,
	findNameForHost,
	hasOrganization,
	type NewOrganization,
} from './store.ts';
