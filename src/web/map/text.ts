import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	zoomIn: 'Zoom in',
	zoomOut: 'Zoom out',
	naturalEarth: 'Natural Earth',
	geoNames: 'GeoNames',
	wheelHelp: 'Hold Ctrl while scrolling to zoom the map',
	wheelHelpMac: 'Hold ⌘ while scrolling to zoom the map',
	touchHelp: 'Move the map with two fingers',
});
