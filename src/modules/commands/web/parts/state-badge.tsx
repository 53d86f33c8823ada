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
import type { CommandState } from '../../contract.ts';
import { stateText } from '../state-words.ts';
import classes from './state-badge.module.css';

const icons: Record<CommandState, Icon> = {
	waiting: IconHourglassEmpty,
	sent: IconSend,
	accepted: IconProgress,
	done: IconCheck,
	refused: IconBan,
	failed: IconX,
	timed_out: IconClockX,
	expired: IconClockOff,
};

/** How far a command has come, as shape and word. */
export function StateBadge({ state }: { readonly state: CommandState }) {
	const StateIcon = icons[state];
	return (
		<span className={classes.badge} data-state={state}>
			<StateIcon size={14} stroke={2} aria-hidden />
			{stateText(state)}
		</span>
	);
}
