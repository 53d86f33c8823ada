import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import classes from './searched-select.module.css';
import { text } from './text.ts';

const pauseMs = 250;

/** Something to choose, as its field shows it. */
export interface SearchedOption {
	readonly value: string;
	readonly label: string;
}

interface SearchedSelectProps<Option extends SearchedOption> {
	readonly label: string;
	readonly description?: string;
	readonly withAsterisk?: boolean;
	readonly autoFocus?: boolean;
	readonly placeholder?: string;
	readonly error?: ReactNode;
	/** Names what is searched, for the cache. */
	readonly queryKey: string;
	/** Those that a typed text finds, the first few. */
	readonly search: (text: string, signal: AbortSignal) => Promise<readonly Option[]>;
	/** Offered before all that is found, whatever is typed. */
	readonly always?: readonly SearchedOption[];
	/** Null: nothing is chosen. */
	readonly chosen: SearchedOption | null;
	/** `found` is null for one of those that are always offered. */
	readonly onChange: (chosen: SearchedOption | null, found: Option | null) => void;
}

/** Chooses one of many that the server finds by a typed text. */
export function SearchedSelect<Option extends SearchedOption>({
	queryKey,
	search,
	always = [],
	chosen,
	onChange,
	autoFocus = false,
	withAsterisk = false,
	...field
}: SearchedSelectProps<Option>) {
	const [typed, setTyped] = useState('');
	const [asked] = useDebouncedValue(typed, pauseMs);
	const found = useQuery({
		queryKey: ['searched', queryKey, asked],
		queryFn: ({ signal }) => search(asked, signal),
		placeholderData: keepPreviousData,
	});
	// With one of those in place of nothing, or a field that has to be filled, there is no way back to nothing.
	const isNeeded = withAsterisk || always.length > 0;
	const offered = [...always, ...(found.data ?? [])];
	const isOffered = chosen === null || offered.some(({ value }) => value === chosen.value);
	return (
		<Select
			{...field}
			withAsterisk={withAsterisk}
			{...(autoFocus && { 'data-autofocus': true })}
			data={(isOffered ? offered : [chosen, ...offered]).map(({ value, label }) => ({
				value,
				label,
			}))}
			// The server has searched; what it searched by need not be in the label.
			filter={({ options }) => options}
			value={chosen?.value ?? null}
			searchable
			allowDeselect={!isNeeded}
			clearable={!isNeeded}
			clearButtonProps={{ 'aria-label': text('clearChoice', { field: field.label }) }}
			openOnFocus={false}
			// The list itself scrolls, as a list that belongs to a field may without being in the tab order.
			withScrollArea={false}
			classNames={{ options: classes.options }}
			comboboxProps={{ zIndex: 350 }}
			nothingFoundMessage={
				found.error?.message ?? text(found.isPending ? 'searching' : 'nothingFound')
			}
			onSearchChange={(next) => setTyped(next === chosen?.label ? '' : next)}
			onChange={(value) => {
				const option = found.data?.find((each) => each.value === value) ?? null;
				onChange(option ?? offered.find((each) => each.value === value) ?? null, option);
			}}
		/>
	);
}
