import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMayOpen } from '#web/open-pages.ts';
import classes from './details.module.css';

/** Buttons that lead to other pages. */
export function Ways({ children }: { readonly children: ReactNode }) {
	return <div className={classes.links}>{children}</div>;
}

interface WayProps {
	/** The page's path; without it, or where it is not open to the reader, there is no button. */
	readonly page: string;
	readonly to: string;
	readonly label: string;
}

export function Way({ page, to, label }: WayProps) {
	if (!useMayOpen(page)) return null;
	return (
		<Button
			variant="default"
			component={Link}
			to={to}
			rightSection={<IconArrowRight size={16} stroke={1.8} />}
		>
			{label}
		</Button>
	);
}
