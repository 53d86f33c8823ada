import { type Icon, IconCheck, IconHourglassEmpty, IconInbox, IconX } from '@tabler/icons-react';
import { type Tone, ToneBadge } from '#web/ui/tone-badge.tsx';
import type { MailState } from '../../contract.ts';
import { text } from '../text.ts';

const looks: Record<MailState, readonly [Tone, Icon]> = {
	queued: ['busy', IconHourglassEmpty],
	sent: ['good', IconCheck],
	failed: ['bad', IconX],
	kept: ['over', IconInbox],
};

/** What became of a mail, as shape and word. */
export function MailStateBadge({ state }: { readonly state: MailState }) {
	const [tone, icon] = looks[state];
	return (
		<ToneBadge tone={tone} icon={icon}>
			{text(state)}
		</ToneBadge>
	);
}
