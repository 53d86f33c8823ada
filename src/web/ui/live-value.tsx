import { useReducedMotion } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './live-value.module.css';

const flashMs = 1_400;

interface LiveValueProps {
	/** What is watched: when it changes while this is on the page, the cell lights up briefly. */
	readonly value: string | number | boolean | null;
	readonly children: ReactNode;
}

/** A value that changes in place. Always written left to right, so that it reads the same in every language. */
export function LiveValue({ value, children }: LiveValueProps) {
	const element = useRef<HTMLSpanElement>(null);
	const shown = useRef(value);
	const isStill = useReducedMotion();
	useEffect(() => {
		if (shown.current === value) return;
		shown.current = value;
		if (isStill) return;
		element.current?.animate(
			[{ backgroundColor: 'var(--flash)' }, { backgroundColor: 'transparent' }],
			{ duration: flashMs, easing: 'ease-out' },
		);
	}, [value, isStill]);
	return (
		<span ref={element} className={classes.value}>
			{children}
		</span>
	);
}
