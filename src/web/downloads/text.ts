import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	downloads: 'Downloads',
	begins: 'The server is looking for the rows…',
	rows: '{rows} of {total} rows',
	done: 'All {total} rows are in your downloads.',
	failed: 'The download failed. {reason}',
	progress: 'Progress of {name}',
	cancel: 'Cancel',
	dismiss: 'Dismiss',
});
