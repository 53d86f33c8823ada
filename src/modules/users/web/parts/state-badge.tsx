import { type Icon, IconCheck, IconClockX, IconMail } from '@tabler/icons-react';
import { type UserState, userStateLabels } from '../../contract.ts';
import classes from './state-badge.module.css';

const icons: Record<UserState, Icon> = {
	invited: IconMail,
	expired: IconClockX,
	active: IconCheck,
};

/** Whether a user has come in, as shape and word. */
export function StateBadge({ state }: { readonly state: UserState }) {
	const StateIcon = icons[state];
	return (
		<span className={classes.badge} data-state={state}>
			<StateIcon size={14} stroke={2} aria-hidden />
			{userStateLabels[state]}
		</span>
	);
}
