import type { GridDefinition } from '#web/ui/grid-page/grid.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { type FleetPage, type FleetRow, listFleet } from '../contract.ts';
import {
	fleetColumns as columns,
	fleetFilters as filters,
	fleetGrid,
	hidden,
} from './fleet-grid.tsx';
import { FleetChips } from './parts/fleet-chips.tsx';
import { text } from './text.ts';
import { useDeviceActions } from './use-device-actions.ts';
import { useFleetLive } from './use-fleet-live.ts';

const consoleGrid: GridDefinition<FleetRow, FleetPage> = {
	...fleetGrid,
	key: 'fleet',
	label: text('table'),
	list: listFleet,
	columns: [
		columns.identity,
		columns.status,
		columns.lastHeard,
		columns.power,
		columns.range,
		columns.odometer,
		columns.speed,
		columns.signal,
		columns.firmware,
		columns.customer,
		columns.dealer,
		columns.deviceId,
		columns.telematicsId,
		columns.model,
		hidden(columns.connection),
		hidden(columns.family),
		hidden(columns.registration),
		hidden(columns.city),
	],
	filters: [filters.family, filters.dealer, filters.customer, filters.firmware],
};

/** The Fleet Console: every device in scope, live. */
export default function ConsolePage() {
	const grid = useGrid(consoleGrid);
	const counts = useFleetLive(grid);
	useDeviceActions(grid.open.row);
	return <GridPage grid={grid} chips={<FleetChips grid={grid} counts={counts} />} />;
}
