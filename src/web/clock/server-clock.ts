let offsetMs = 0;

/** Learns the server's time from a reply that carries it, so that ages are right on a computer whose clock is not. */
export function noteServerTime(serverMs: number): void {
	offsetMs = serverMs - Date.now();
}

/** The server's time by the last reply that carried it (epoch milliseconds). */
export function serverNowMs(): number {
	return Date.now() + offsetMs;
}
