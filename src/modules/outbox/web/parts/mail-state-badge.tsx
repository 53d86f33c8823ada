import { type Icon, IconCheck, IconHourglassEmpty, IconInbox, IconX } from '@tabler/icons-react';
import type { MailState } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './mail-state-badge.module.css';

const icons: Record<MailState, Icon> = {
	queued: IconHourglassEmpty,
	sent: IconCheck,
	failed: IconX,
	kept: IconInbox,
};

/** What became of a mail, as shape and word. */
export function MailStateBadge({ state }: { readonly state: MailState }) {
	const StateIcon = icons[state];
	return (
		<span className={classes.badge} data-state={state}>
			<StateIcon size={14} stroke={2} aria-hidden />
			{text(state)}
		</span>
	);
}
