import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconFileImport, IconSettings } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { isAdmitted } from '#contract/endpoint.ts';
import { call } from '#web/api/call.ts';
import { useSession } from '#web/session/session.ts';
import { toastFault } from '#web/ui/toast.ts';
import { type DeviceSettings, showDeviceSettings, uploadDevices } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './devices-bar.module.css';

const ImportDrawer = lazy(() => import('./import-drawer.tsx'));
const SettingsForm = lazy(() => import('./settings-form.tsx'));

interface DevicesBarProps {
	/** Called when an import has added devices. */
	readonly onAdded: () => void;
}

/** What concerns all devices at once: imports and settings, for those who may. */
export function DevicesBar({ onAdded }: DevicesBarProps) {
	const { role } = useSession();
	const queryClient = useQueryClient();
	const [isImporting, setIsImporting] = useState(false);
	const [edited, setEdited] = useState<DeviceSettings | null>(null);
	if (!isAdmitted(uploadDevices.admits, role)) return null;

	async function openSettings() {
		try {
			const settings = await call(showDeviceSettings, {});
			queryClient.setQueryData(['device-settings'], settings);
			setEdited(settings);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			toastFault(text('settingsFault', { reason }));
		}
	}

	return (
		<div className={classes.bar}>
			<Button
				variant="default"
				leftSection={<IconFileImport size={16} stroke={1.7} />}
				onClick={() => setIsImporting(true)}
			>
				{text('import')}
			</Button>
			<Tooltip label={text('settings')}>
				<ActionIcon
					variant="default"
					size={32}
					aria-label={text('settings')}
					onClick={() => void openSettings()}
				>
					<IconSettings size={18} stroke={1.7} />
				</ActionIcon>
			</Tooltip>
			<Suspense>
				<ImportDrawer
					opened={isImporting}
					onClose={() => setIsImporting(false)}
					onAdded={onAdded}
				/>
				{edited === null ? null : (
					<SettingsForm settings={edited} opened onClose={() => setEdited(null)} />
				)}
			</Suspense>
		</div>
	);
}
