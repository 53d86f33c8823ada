export { type StateWord, stateOf } from './device-state.ts';
export { type DeviceRouteOptions, serveDeviceRoutes } from './routes.ts';
export { type DeviceTopicOptions, serveDeviceTopics } from './topics.ts';
