export { type FleetExportOptions, serveFleetExport } from './export.ts';
export { NameOrder } from './name-order.ts';
export { type FleetRouteOptions, serveFleetRoutes } from './routes.ts';
export { countLive, readFleetDevice, readFleetDevices } from './store.ts';
export { type DeviceWord, type FleetTopicOptions, serveFleetTopics } from './topics.ts';
export { type FleetWalkFilter, type FleetWalkOptions, readFleetAfter } from './walk.ts';
