import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { SecretWindow } from '#web/ui/secret-window.tsx';
import { devicesGrid } from './devices-grid.tsx';
import { DevicesBar } from './parts/devices-bar.tsx';

/** All registered devices, and everything that an Admin does with them. */
export default function DevicesPage() {
	const grid = useGrid(devicesGrid);
	return (
		<SecretWindow>
			<GridPage grid={grid} chips={<DevicesBar onAdded={grid.renew} />} />
		</SecretWindow>
	);
}
