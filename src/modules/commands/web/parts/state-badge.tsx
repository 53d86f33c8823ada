import {
	type Icon,
	IconBan,
	IconCheck,
	IconClockOff,
	IconClockX,
	IconHourglassEmpty,
	IconProgress,
	IconSend,
	IconX,
} from '@tabler/icons-react';
import { type Tone, ToneBadge } from '#web/ui/tone-badge.tsx';
import type { CommandState } from '../../contract.ts';
import { stateText } from '../state-words.ts';

const looks: Record<CommandState, readonly [Tone, Icon]> = {
	waiting: ['plain', IconHourglassEmpty],
	sent: ['busy', IconSend],
	accepted: ['busy', IconProgress],
	done: ['good', IconCheck],
	refused: ['bad', IconBan],
	failed: ['bad', IconX],
	timed_out: ['over', IconClockX],
	expired: ['plain', IconClockOff],
};

/** How far a command has come, as shape and word. */
export function StateBadge({ state }: { readonly state: CommandState }) {
	const [tone, icon] = looks[state];
	return (
		<ToneBadge tone={tone} icon={icon}>
			{stateText(state)}
		</ToneBadge>
	);
}
