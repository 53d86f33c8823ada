import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	firmwareReported: 'Firmware reported',
	firmwareFirst: 'It runs {to}.',
	firmwareChanged: 'It runs {to}, before {from}.',
});
