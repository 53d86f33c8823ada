import { livePath } from '#contract/live.ts';
import { createLiveClient } from '#web/live/client.ts';

/** The WebSocket to the server of this page. */
export const liveClient = createLiveClient({
	url: `${location.origin.replace(/^http/, 'ws')}${livePath}`,
});
