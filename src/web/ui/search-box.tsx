import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type Ref, useEffect, useRef, useState } from 'react';

const pauseMs = 250;

interface SearchBoxProps {
	/** What is searched for now. */
	readonly value: string;
	readonly onSearch: (text: string) => void;
	readonly label: string;
	readonly placeholder: string;
	readonly clearLabel: string;
	/** The key that leads here, shown while the box is empty. */
	readonly hotkey?: string;
	readonly className?: string | undefined;
	readonly ref?: Ref<HTMLInputElement>;
}

/** Searches once the typing pauses. What somebody types is never overwritten by an older search coming back. */
export function SearchBox({
	value,
	onSearch,
	label,
	placeholder,
	clearLabel,
	hotkey,
	className,
	ref,
}: SearchBoxProps) {
	const [typed, setTyped] = useState(value);
	const searched = useRef(value);
	const search = useDebouncedCallback((text: string) => {
		searched.current = text.trim();
		onSearch(searched.current);
	}, pauseMs);

	// Changed from elsewhere: filters cleared, or a step back in the browser's history.
	useEffect(() => {
		if (value === searched.current) return;
		searched.current = value;
		setTyped(value);
	}, [value]);

	function type(text: string) {
		setTyped(text);
		search(text);
	}

	return (
		<TextInput
			ref={ref}
			className={className}
			type="text"
			role="searchbox"
			aria-label={label}
			placeholder={placeholder}
			maxLength={100}
			value={typed}
			onChange={(event) => type(event.currentTarget.value)}
			leftSection={<IconSearch size={16} stroke={1.8} aria-hidden />}
			rightSection={
				typed === '' ? (
					hotkey === undefined ? null : (
						<Kbd size="xs" aria-hidden>
							{hotkey}
						</Kbd>
					)
				) : (
					<CloseButton size="sm" aria-label={clearLabel} onClick={() => type('')} />
				)
			}
		/>
	);
}
