import { useMemo } from 'react';
import { encode } from 'uqr';
import { text } from '../text.ts';
import classes from './qr-code.module.css';

interface QrCodeProps {
	readonly value: string;
}

/** A text for a phone's camera, dark on light in either theme, as readers need it. */
export function QrCode({ value }: QrCodeProps) {
	const { size, path } = useMemo(() => {
		const code = encode(value, { ecc: 'M', border: 4 });
		const dark = code.data.flatMap((row, y) =>
			row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
		);
		return { size: code.size, path: dark.join('') };
	}, [value]);
	return (
		<svg
			className={classes.code}
			viewBox={`0 0 ${size} ${size}`}
			shapeRendering="crispEdges"
			role="img"
			aria-label={text('qrCode')}
		>
			<path d={path} />
		</svg>
	);
}
