import { text } from './text.ts';

interface DataProps {
	/** Null when there is none. */
	readonly value: string | null;
}

/** What a device or a machine wrote: left to right in every language. */
export function Data({ value }: DataProps) {
	return <bdi dir="ltr">{value ?? text('none')}</bdi>;
}
