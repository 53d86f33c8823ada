import { text } from '../text.ts';
import classes from './attribution.module.css';

/** Whose map this is: GeoNames' licence (CC BY 4.0) asks for it. */
export function Attribution() {
	return (
		<p className={classes.attribution}>
			<a href="https://www.naturalearthdata.com/" target="_blank" rel="noreferrer">
				{text('naturalEarth')}
			</a>
			{' · '}
			<a href="https://www.geonames.org/" target="_blank" rel="noreferrer">
				{text('geoNames')}
			</a>
		</p>
	);
}
