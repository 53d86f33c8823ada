import { Text, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './message-panel.module.css';

interface MessagePanelProps {
	readonly icon: Icon;
	readonly title: string;
	readonly detail: string;
	/** Heading level where the panel stands: 1 when it is the whole page. */
	readonly order?: 1 | 2;
	/** What the reader can do about it. */
	readonly children?: ReactNode;
}

/** Says in the middle of a page or card why there is nothing else, and what to do. */
export function MessagePanel({
	icon: PanelIcon,
	title,
	detail,
	order = 2,
	children,
}: MessagePanelProps) {
	return (
		<div className={classes.panel}>
			<span className={classes.icon}>
				<PanelIcon size={26} stroke={1.5} aria-hidden />
			</span>
			<Title order={order} fz={16}>
				{title}
			</Title>
			<Text c="dimmed" className={classes.detail}>
				{detail}
			</Text>
			{children === undefined ? null : <div className={classes.actions}>{children}</div>}
		</div>
	);
}
