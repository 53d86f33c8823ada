import { randomBytes } from 'node:crypto';

const deviceKeyBytes = 32;

/** Makes a device's password: 256 random bits as base64url. Only its hash is kept. */
export function newDeviceKey(): string {
	return randomBytes(deviceKeyBytes).toString('base64url');
}
