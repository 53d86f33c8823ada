import { deviceFamilySchema } from '#contract/family.ts';
import { countLimit } from '#contract/list.ts';
import type { StatusCounts } from '#contract/status.ts';
import { withFilter } from '#web/ui/grid-page/grid-address.ts';
import type { Grid } from '#web/ui/grid-page/use-grid.ts';
import { StatusChips } from '#web/ui/status-chips.tsx';
import type { FleetPage, FleetRow } from '../../contract.ts';
import { chosenStatuses } from '../use-fleet-live.ts';

interface FleetChipsProps {
	readonly grid: Grid<FleetRow, FleetPage>;
	readonly counts: StatusCounts | undefined;
}

/** Devices per status above a grid of the fleet, and the filter by status. */
export function FleetChips({ grid: { address, change, page }, counts }: FleetChipsProps) {
	return (
		<StatusChips
			counts={counts}
			countedTo={page.data?.totalIsExact === false ? countLimit : null}
			family={deviceFamilySchema.catch('ev').parse(address.filters.family)}
			chosen={chosenStatuses(address)}
			onChoose={(chosen) =>
				change({ filters: withFilter(address.filters, 'status', chosen.join(',')), page: 1 })
			}
		/>
	);
}
