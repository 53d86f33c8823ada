/** Topics of the native MQTT protocol. A device may publish and subscribe only below its own id. */

/** Device ids: 3 to 64 letters, digits, `.`, `_`, `:` and `-`, so that an id is always one topic level. */
export const deviceIdPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{2,63}$/;

export function telemetryTopic(deviceId: string): string {
	return `qd/v1/${deviceId}/telemetry`;
}

/** Whether a device may subscribe to this filter: its own commands, and nothing with a wildcard above its id. */
export function mayDeviceSubscribe(deviceId: string, filter: string): boolean {
	return filter === `qd/v1/${deviceId}/command` || filter === `qd/v1/${deviceId}/command/#`;
}
