import { IconCopy, IconSettings } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { devicePath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { type PaletteAction, usePaletteActions } from '#web/palette/actions.ts';
import { text as uiText } from '#web/ui/text.ts';
import { toastDone, toastFault } from '#web/ui/toast.ts';
import type { FleetRow } from '../contract.ts';
import { identityOf } from './telemetry.ts';
import { text } from './text.ts';

/** Offers in the command palette what can be done to the open device. */
export function useDeviceActions(row: FleetRow | undefined): void {
	const navigate = useNavigate();
	const mayManage = useMayOpen(paths.device);
	usePaletteActions(row === undefined ? [] : actionsOf(row));

	function actionsOf(device: FleetRow): readonly PaletteAction[] {
		const { deviceId } = device;
		const detail = identityOf(device);
		const copy: PaletteAction = {
			key: 'copy-device-id',
			label: text('copyDeviceId'),
			detail,
			icon: IconCopy,
			run: () => void copyText(deviceId),
		};
		const manage: PaletteAction = {
			key: 'manage',
			label: text('manage'),
			detail,
			icon: IconSettings,
			run: () => void navigate({ to: devicePath(deviceId) }),
		};
		return mayManage ? [manage, copy] : [copy];
	}
}

async function copyText(value: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(value);
		toastDone(text('copiedDeviceId', { deviceId: value }));
	} catch {
		toastFault(uiText('copyFailed'));
	}
}
