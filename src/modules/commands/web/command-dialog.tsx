import { useQueryClient } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import type { DeviceIdentity } from '#web/device-offer.ts';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { toastDone } from '#web/ui/toast.ts';
import { type CommandKind, requestCommand } from '../contract.ts';
import classes from './command-dialog.module.css';
import { text } from './text.ts';

interface CommandDialogProps {
	readonly kind: CommandKind;
	readonly device: DeviceIdentity;
	readonly opened: boolean;
	readonly onClose: () => void;
}

/** Says what the command does and to exactly which device, and gives it once the word is typed. */
export function CommandDialog({ kind, device, opened, onClose }: CommandDialogProps) {
	const queryClient = useQueryClient();
	const { label: command, expirySeconds: seconds } = kind;

	async function give(typed: string): Promise<void> {
		const { deviceId } = device;
		const given = await call(requestCommand, {
			params: { deviceId },
			body: { name: kind.name, confirm: typed },
		});
		void queryClient.invalidateQueries({ queryKey: ['commands', deviceId] });
		const called = device.vin ?? device.name ?? deviceId;
		toastDone(
			given.state === 'waiting'
				? text('waitingToast', { command, device: called, seconds })
				: text('sentToast', { command, device: called }),
		);
	}

	return (
		<ConfirmModal
			opened={opened}
			onClose={onClose}
			title={text('confirmTitle', { command })}
			what={
				<div className={classes.what}>
					<p className={classes.sentence}>{kind.sentence}</p>
					<FactList>
						<Target label={text('deviceId')} value={device.deviceId} />
						<Target label={text('vin')} value={device.vin} />
						{device.name === null ? null : <Target label={text('name')} value={device.name} />}
						<Target label={text('customer')} value={device.customerName} />
						<Target label={text('place')} value={device.place} />
					</FactList>
					<p className={classes.sentence}>{text('confirmFate', { seconds })}</p>
				</div>
			}
			onConfirm={give}
			submitLabel={command}
		/>
	);
}

function Target({ label, value }: { readonly label: string; readonly value: string | null }) {
	return (
		<Fact label={label}>
			<bdi className={classes.data}>{value ?? text('none')}</bdi>
		</Fact>
	);
}
