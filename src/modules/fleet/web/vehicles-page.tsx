import type { GridDefinition } from '#web/ui/grid-page/grid.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { type FleetPage, type FleetRow, listVehicles } from '../contract.ts';
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

const vehiclesGrid: GridDefinition<FleetRow, FleetPage> = {
	...fleetGrid,
	key: 'vehicles',
	label: text('vehiclesTable'),
	list: listVehicles,
	columns: [
		{ ...columns.identity, title: text('vinNo') },
		columns.customer,
		columns.city,
		columns.latitude,
		columns.longitude,
		columns.ignition,
		columns.soc,
		{ ...columns.range, title: text('rangeAvailable'), widthPx: 176 },
		columns.odometer,
		columns.charging,
		{ ...columns.signal, title: text('signalStrength'), widthPx: 148 },
		{ ...columns.lastHeard, title: text('lastCommunicated') },
		{ ...columns.firmware, title: text('firmwareVersion'), widthPx: 152 },
		columns.connection,
		columns.productStatus,
		hidden(columns.status),
		hidden(columns.registration),
		hidden(columns.model),
		hidden(columns.deviceId),
		hidden(columns.telematicsId),
	],
	filters: [filters.customer, filters.firmware],
};

/** The grid view of the Vehicle Dashboard. */
export default function VehiclesPage() {
	const grid = useGrid(vehiclesGrid);
	const counts = useFleetLive(grid);
	useDeviceActions(grid.open.row);
	return <GridPage grid={grid} chips={<FleetChips grid={grid} counts={counts} />} />;
}
