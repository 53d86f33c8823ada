import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	parkedTable: 'Parked messages',
	device: 'Device',
	received: 'Received',
	vin: 'VIN No',
	reason: 'Reason',
	detail: 'Detail',
	topic: 'Topic',
	size: 'Size',
	bytes: '{count} B',
	replays: 'Replays in vain',
	lastReplay: 'Last replay',
	rowName: '{device}, message {no}',
	none: '—',
	retired: 'Retired',
	anyReason: 'All reasons',
	anyDevice: 'All devices',
	search: 'Search device, VIN, topic or detail',

	notJson: 'Not JSON',
	notAReading: 'Not a reading',
	notAResult: 'Not an answer to a command',
	failed: 'Could not be stored',

	emptyTitle: 'Nothing is parked',
	emptyDetail: 'Messages that cannot be read or stored are kept here with their bytes.',
	noMatchTitle: 'No parked message matches',
	faultTitle: 'Parked messages could not be read',
	bodyFault: 'The body could not be read: {reason}',

	openDevice: 'Open device',
	body: 'Body',
	bodyCut: 'The first {shown} of {size}.',
	download: 'Download',

	replay: 'Replay',
	replayWhat:
		'Messages to be read again, as received when they were: {count}. What succeeds leaves this list; what fails stays with its new reason.',
	replayStarted: 'The replay has begun. Messages: {count}.',
	discard: 'Discard',
	discardWhat: 'Messages to be discarded for good, with their bytes: {count}.',
	discarded: 'Messages discarded: {count}.',
	replayAll: 'Replay all {count}',
	discardAll: 'Discard all {count}',
	matching: 'All that match',

	running: 'Replaying: {done} of {total}',
	done: 'Replay of {total} done',
	interrupted: 'Replay interrupted after {done} of {total}. What was not replayed is still parked.',
	outcome:
		'{stored} stored, {failed} failed again, {skipped} of retired devices. Started by {who}, {at}.',
	progress: 'Progress of the replay',
});
