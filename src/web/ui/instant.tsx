import { useRegion } from '#web/text/region.tsx';
import classes from './instant.module.css';

/** An instant in the organization's time zone. */
export function Instant({ atMs }: { readonly atMs: number }) {
	const region = useRegion();
	return (
		<bdi className={classes.instant} dir="ltr">
			{region.instant(atMs)}
		</bdi>
	);
}
