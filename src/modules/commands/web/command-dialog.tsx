import { useQueryClient } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import type { DeviceIdentity } from '#web/device-offer.ts';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import { toastDone } from '#web/ui/toast.ts';
import { type CommandKind, requestCommand } from '../contract.ts';
import { CommandQuestion } from './parts/command-question.tsx';
import { givenText } from './state-words.ts';
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
	const { label: command } = kind;

	async function give(typed: string): Promise<void> {
		const { deviceId } = device;
		const given = await call(requestCommand, {
			params: { deviceId },
			body: { name: kind.name, confirm: typed },
		});
		void queryClient.invalidateQueries({ queryKey: ['commands', deviceId] });
		toastDone(givenText(kind, device, given));
	}

	return (
		<ConfirmModal
			opened={opened}
			onClose={onClose}
			title={text('confirmTitle', { command })}
			what={<CommandQuestion kind={kind} device={device} />}
			onConfirm={give}
			submitLabel={command}
		/>
	);
}
