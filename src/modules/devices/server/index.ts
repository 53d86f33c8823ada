export { type StateWord, stateOf } from './device-state.ts';
export { readDevice, type StoredDevice } from './device-store.ts';
export {
	type ReadingPlace,
	type ReadingRange,
	readReadings,
	type StoredReading,
} from './reading-store.ts';
export { type DeviceRouteOptions, serveDeviceRoutes } from './routes.ts';
export { type DeviceTopicOptions, serveDeviceTopics } from './topics.ts';
export { findVisibleDevice, type VisibleDevice } from './visible-device.ts';
