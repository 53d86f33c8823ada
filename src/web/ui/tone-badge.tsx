import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './tone-badge.module.css';

/** `busy`: under way; `over`: ended by itself, such as by its time. */
export type Tone = 'plain' | 'busy' | 'good' | 'bad' | 'over';

interface ToneBadgeProps {
	readonly tone: Tone;
	readonly icon: Icon;
	readonly children: ReactNode;
}

/** What something has come to, as shape and word, tinted. */
export function ToneBadge({ tone, icon: Shape, children }: ToneBadgeProps) {
	return (
		<span className={classes.badge} data-tone={tone}>
			<Shape size={14} stroke={2} aria-hidden />
			{children}
		</span>
	);
}
