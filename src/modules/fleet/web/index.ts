import { IconLayoutGrid, IconTruck } from '@tabler/icons-react';
import { fleetReaders, vehicleReaders } from '#contract/roles.ts';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import type { PaletteSearch } from '#web/palette/search.ts';
import { text } from './text.ts';

/** The Fleet Console and the grid view of the Vehicle Dashboard. */
export const fleetPages: readonly ShellPage[] = [
	{
		path: paths.console,
		title: text('console'),
		icon: IconTruck,
		inBar: { place: 2, title: text('consoleInBar') },
		admits: fleetReaders,
		load: () => import('./console-page.tsx'),
	},
	{
		path: paths.vehicles,
		title: text('vehicles'),
		icon: IconLayoutGrid,
		inBar: { place: 4, title: text('vehiclesInBar') },
		admits: vehicleReaders,
		load: () => import('./vehicles-page.tsx'),
	},
];

/** Devices by VIN, id, customer, dealer or firmware, in the command palette. */
export const fleetSearches: readonly PaletteSearch[] = [
	{
		key: 'console',
		title: text('devices'),
		icon: IconTruck,
		admits: fleetReaders,
		find: async (typed, signal) => (await import('./palette-find.ts')).findInConsole(typed, signal),
	},
	{
		key: 'vehicles',
		title: text('devices'),
		icon: IconTruck,
		admits: vehicleReaders.filter((role) => !fleetReaders.includes(role)),
		find: async (typed, signal) =>
			(await import('./palette-find.ts')).findInVehicles(typed, signal),
	},
];
