import type { ReactNode } from 'react';
import type { Status } from '#contract/status.ts';

const shapes: Record<Status, ReactNode> = {
	moving: <path d="M8 1.5 13.6 14 8 11.2 2.4 14z" fill="currentColor" />,
	stopped: <rect x="2.5" y="2.5" width="11" height="11" rx="1.5" fill="currentColor" />,
	ignition_off: (
		<circle cx="8" cy="8" r="4.9" fill="none" stroke="currentColor" strokeWidth="2.8" />
	),
	charging: <path d="M9.6 1 2.9 9.2h4.3L6.2 15l6.9-8.4H8.6z" fill="currentColor" />,
	offline: (
		<path
			d="M3.4 3.4l9.2 9.2M12.6 3.4l-9.2 9.2"
			stroke="currentColor"
			strokeWidth="3"
			strokeLinecap="round"
		/>
	),
	not_communicating: (
		<>
			<path
				d="M8 2.2 14.6 13.6H1.4z"
				fill="currentColor"
				stroke="currentColor"
				strokeWidth="1.6"
				strokeLinejoin="round"
			/>
			<path
				d="M8 6v3.6M8 11.7v.3"
				stroke="var(--surface-panel)"
				strokeWidth="1.7"
				strokeLinecap="round"
			/>
		</>
	),
};

interface StatusIconProps {
	readonly status: Status;
	readonly sizePx?: number;
}

/** The shape of a status, so that it does not rest on colour alone. Decorative: a label stands beside it. */
export function StatusIcon({ status, sizePx = 12 }: StatusIconProps) {
	return (
		<svg
			viewBox="0 0 16 16"
			width={sizePx}
			height={sizePx}
			aria-hidden="true"
			style={{ color: statusColour(status), flex: 'none' }}
		>
			{shapes[status]}
		</svg>
	);
}

/** The colour of a status in the current scheme, as a CSS value; a brand never changes it. */
export function statusColour(status: Status): string {
	return `var(--status-${status.replaceAll('_', '-')})`;
}
