import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { useRegion } from '#web/text/region.tsx';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import {
	longestKeyGraceHours,
	type RegisteredDeviceRow,
	renewDeviceKey,
	showDeviceSettings,
} from '../../contract.ts';
import { text } from '../text.ts';
import classes from './renew-dialog.module.css';
import { useShowKey } from './use-show-key.ts';

interface RenewDialogProps extends GridDialog {
	readonly rows: readonly RegisteredDeviceRow[];
}

/** Gives a device another key, shown once, and asks how long the old one is still taken. */
export default function RenewDialog({ rows, ...dialog }: RenewDialogProps) {
	const region = useRegion();
	const showKey = useShowKey();
	const [chosen, setChosen] = useState<number | string | null>(null);
	const settings = useQuery({
		queryKey: ['device-settings'],
		queryFn: ({ signal }) => call(showDeviceSettings, {}, signal),
	});
	const deviceId = rows[0]?.deviceId ?? '';

	async function renew(confirm: string) {
		// Nothing chosen: as the organization has it.
		const graceHours = chosen === null || chosen === '' ? undefined : Number(chosen);
		const body = { confirm, ...(graceHours !== undefined && { graceHours }) };
		const { key, oldKeyValidUntilMs } = await call(renewDeviceKey, { params: { deviceId }, body });
		const note =
			oldKeyValidUntilMs === null
				? text('oldKeyEnded')
				: text('oldKeyUntil', { until: region.instant(oldKeyValidUntilMs) });
		showKey({ deviceId, key, note });
	}

	return (
		<ConfirmModal
			{...dialog}
			title={text('renew')}
			submitLabel={text('renew')}
			onConfirm={renew}
			what={
				<div className={classes.what}>
					<span>{text('renewWhat', { deviceId })}</span>
					<NumberInput
						label={text('graceHours')}
						description={text('graceHelp')}
						min={0}
						max={longestKeyGraceHours}
						value={chosen ?? settings.data?.keyGraceHours ?? ''}
						onChange={setChosen}
					/>
				</div>
			}
		/>
	);
}
