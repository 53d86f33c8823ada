import { useMemo } from 'react';
import { useSession } from '#web/session/session.ts';
import classes from './attribution.module.css';
import { creditsOf } from './credits.ts';
import { text } from './text.ts';

const builtIn = [
	{ text: text('naturalEarth'), href: 'https://www.naturalearthdata.com/' },
	{ text: ' · ', href: null },
	{ text: text('geoNames'), href: 'https://www.geonames.org/' },
];

/** Whose map this is, as GeoNames' licence (CC BY 4.0) asks for it, or as the installation's tiles say it. */
export function Attribution() {
	const { ownTiles } = useSession();
	const credits = useMemo(
		() => (ownTiles === null ? builtIn : creditsOf(ownTiles.attribution)),
		[ownTiles],
	);
	if (credits.length === 0) return null;
	return (
		<p className={classes.attribution}>
			{credits.map(({ text: words, href }, place) =>
				href === null ? (
					words
				) : (
					// biome-ignore lint/suspicious/noArrayIndexKey: they stay as they are
					<a key={place} href={href} target="_blank" rel="noreferrer">
						{words}
					</a>
				),
			)}
		</p>
	);
}
