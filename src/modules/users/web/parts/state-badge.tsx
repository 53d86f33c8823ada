import { type Icon, IconCheck, IconClockX, IconMail } from '@tabler/icons-react';
import { type Tone, ToneBadge } from '#web/ui/tone-badge.tsx';
import { type UserState, userStateLabels } from '../../contract.ts';

const looks: Record<UserState, readonly [Tone, Icon]> = {
	invited: ['busy', IconMail],
	expired: ['over', IconClockX],
	active: ['good', IconCheck],
};

/** Whether a user has come in, as shape and word. */
export function StateBadge({ state }: { readonly state: UserState }) {
	const [tone, icon] = looks[state];
	return (
		<ToneBadge tone={tone} icon={icon}>
			{userStateLabels[state]}
		</ToneBadge>
	);
}
