import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { customersGrid } from './customers-grid.tsx';

/** The customers of the organization, and everything that an Admin does with them. */
export default function CustomersPage() {
	return <GridPage grid={useGrid(customersGrid)} />;
}
