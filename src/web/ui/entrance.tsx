import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { portalQuery } from '#web/session/queries.ts';
import { BrandMark } from './brand-mark.tsx';
import classes from './entrance.module.css';
import streets from './streets.svg';
import { SupportContact } from './support-contact.tsx';
import { text } from './text.ts';

interface EntranceProps {
	/** Name of the portal's organization. */
	readonly brand: string;
	readonly version: string | null;
	/** Wider content, for a form with several groups of fields. */
	readonly wide?: boolean;
	readonly children: ReactNode;
}

/**
 * The frame of pages before anybody is signed in: brand beside the form, whom to ask for help below it, version at the
 * bottom right.
 */
export function Entrance({ brand, version, wide = false, children }: EntranceProps) {
	const portal = useQuery({ ...portalQuery, enabled: false });
	return (
		<div className={classes.entrance} data-wide={wide || undefined}>
			<div className={classes.side}>
				<img className={classes.streets} src={streets} alt="" />
				<div className={classes.brand}>
					{portal.data ? <BrandMark brand={portal.data} className={classes.mark} /> : null}
					<p className={classes.name}>{brand}</p>
					<p className={classes.line}>{text('entranceLine')}</p>
				</div>
			</div>
			<main className={classes.main}>
				<div className={classes.content}>
					{children}
					{portal.data ? <SupportContact support={portal.data.support} /> : null}
				</div>
			</main>
			<footer className={classes.version}>
				{version === null ? null : text('version', { version })}
			</footer>
		</div>
	);
}
