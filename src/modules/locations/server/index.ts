export { createLocations, type Location, listLocations, type NewLocation } from './store.ts';
