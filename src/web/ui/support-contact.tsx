import { Anchor } from '@mantine/core';
import type { Brand } from '#contract/brand.ts';
import classes from './support-contact.module.css';
import { text } from './text.ts';

interface SupportContactProps {
	readonly support: Brand['support'];
}

/** Whom the organization wants to be asked for help; nothing while it has said nobody. */
export function SupportContact({ support: { name, email, phone } }: SupportContactProps) {
	if (name === null && email === null && phone === null) return null;
	return (
		<p className={classes.support}>
			{name === null ? text('needHelp') : text('askForHelp', { name })}
			{email === null ? null : (
				<Anchor href={`mailto:${email}`} inherit>
					<bdi>{email}</bdi>
				</Anchor>
			)}
			{phone === null ? null : (
				<Anchor href={`tel:${phone.replace(/[^\d+]/g, '')}`} inherit>
					<bdi>{phone}</bdi>
				</Anchor>
			)}
		</p>
	);
}
