import type { DeviceFamily } from '#contract/family.ts';
import { type Status, statusLabel } from '#contract/status.ts';
import classes from './status-badge.module.css';
import { StatusIcon, statusColour } from './status-icon.tsx';

interface StatusBadgeProps {
	readonly status: Status;
	readonly family: DeviceFamily;
}

/** A device's status as shape and word, tinted with its colour. */
export function StatusBadge({ status, family }: StatusBadgeProps) {
	const colour = statusColour(status);
	return (
		<span
			className={classes.badge}
			style={{
				color: colour,
				background: `color-mix(in srgb, ${colour} 11%, var(--surface-panel))`,
			}}
		>
			<StatusIcon status={status} />
			{statusLabel(status, family)}
		</span>
	);
}
