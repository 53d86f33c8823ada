import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { usersGrid } from './users-grid.tsx';

/** All users of the organization, and everything that an Admin does with them. */
export default function UsersPage() {
	return <GridPage grid={useGrid(usersGrid)} />;
}
