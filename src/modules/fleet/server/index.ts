export { type FleetExportOptions, serveFleetExport } from './export.ts';
export { NameOrder } from './name-order.ts';
export { type FleetRouteOptions, serveFleetRoutes } from './routes.ts';
export { readFleetDevices } from './store.ts';
export { type DeviceWord, type FleetTopicOptions, serveFleetTopics } from './topics.ts';
