/** Topics of the native MQTT protocol. A device may publish and subscribe only below its own id. */

/** Device ids: 3 to 64 letters, digits, `.`, `_`, `:` and `-`, so that an id is always one topic level. */
export const deviceIdPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{2,63}$/;

export function telemetryTopic(deviceId: string): string {
	return `qd/v1/${deviceId}/telemetry`;
}

/** Where a device hears commands. */
export function commandTopic(deviceId: string): string {
	return `qd/v1/${deviceId}/command`;
}

/** Where a device answers a command. */
export function commandResultTopic(deviceId: string, commandId: string): string {
	return `${commandTopic(deviceId)}/${commandId}/result`;
}

/** The command that a device answers on this topic; null when the topic is no place for its answers. */
export function answeredCommandId(deviceId: string, topic: string): string | null {
	const prefix = `${commandTopic(deviceId)}/`;
	if (!topic.startsWith(prefix)) return null;
	return /^([A-Za-z0-9-]{1,64})\/result$/.exec(topic.slice(prefix.length))?.[1] ?? null;
}

/** Whether a device may subscribe to this filter: its own commands, and nothing with a wildcard above its id. */
export function mayDeviceSubscribe(deviceId: string, filter: string): boolean {
	const topic = commandTopic(deviceId);
	return filter === topic || filter === `${topic}/#`;
}
