import { text } from './text.ts';

interface WordsProps {
	/** Null when there are none. */
	readonly value: string | null;
}

/** What a person wrote: it reads in its own direction. */
export function Words({ value }: WordsProps) {
	return <bdi>{value ?? text('none')}</bdi>;
}
