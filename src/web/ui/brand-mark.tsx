import { type Brand, initialOf } from '#contract/brand.ts';
import classes from './brand-mark.module.css';

interface BrandMarkProps {
	readonly brand: Pick<Brand, 'name' | 'logo'>;
	/** Its size and place. */
	readonly className?: string | undefined;
}

/** An organization's logo, or its initial on its colour; for sighted people, since the name is always near. */
export function BrandMark({ brand: { name, logo }, className }: BrandMarkProps) {
	return (
		<span
			className={`${classes.mark} ${className ?? ''}`}
			data-logo={logo !== null || undefined}
			aria-hidden
		>
			{logo === null ? initialOf(name) : <img className={classes.logo} src={logo} alt="" />}
		</span>
	);
}
