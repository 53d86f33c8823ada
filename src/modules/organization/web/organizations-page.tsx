import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { organizationsGrid } from './organizations-grid.tsx';

/** All organizations of the installation, for Super Admins. */
export default function OrganizationsPage() {
	return <GridPage grid={useGrid(organizationsGrid)} />;
}
