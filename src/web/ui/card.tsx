import { Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './card.module.css';

interface CardProps {
	readonly title: string;
	/** Beside the title: what belongs to the whole card. */
	readonly aside?: ReactNode;
	readonly children: ReactNode;
}

/** One part of a page, under its own heading. */
export function Card({ title, aside, children }: CardProps) {
	const headingId = useId();
	return (
		<section className={classes.card} aria-labelledby={headingId}>
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
