export { FleetMap, type MapOptions } from './map.ts';
