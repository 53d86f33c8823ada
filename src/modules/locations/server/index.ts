export {
	createLocations,
	type Location,
	listLocations,
	type NewLocation,
} from './fleet-locations.ts';
export { type LocationRoutesOptions, serveLocations } from './routes.ts';
