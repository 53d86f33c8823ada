import { Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

interface PanelProps {
	readonly title: string;
	/** Beside the title: what can be done. */
	readonly aside?: ReactNode;
	readonly children: ReactNode;
}

/** One part of the tab, under its own heading. */
export function Panel({ title, aside, children }: PanelProps) {
	const headingId = useId();
	return (
		<section className={classes.panel} aria-labelledby={headingId}>
			<div className={classes.head}>
				<Title order={3} id={headingId}>
					{title}
				</Title>
				{aside}
			</div>
			{children}
		</section>
	);
}
