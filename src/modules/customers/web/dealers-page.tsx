import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { dealersGrid } from './dealers-grid.tsx';

/** The dealers of the organization, and everything that an Admin does with them. */
export default function DealersPage() {
	return <GridPage grid={useGrid(dealersGrid)} />;
}
