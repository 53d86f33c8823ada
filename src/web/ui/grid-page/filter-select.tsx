import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import classes from './filter-menu.module.css';
import { optionsQuery, useOptionLabel } from './filter-options.ts';
import type { GridFilter } from './grid.ts';
import { text } from './text.ts';

const pauseMs = 250;

interface FilterSelectProps<Row> {
	readonly gridKey: string;
	readonly filter: GridFilter<Row>;
	readonly value: string | null;
	readonly rows: readonly Row[];
	readonly onChange: (value: string) => void;
}

/** One filter: its options come from the server, or are few and always the same. */
export function FilterSelect<Row>({
	gridKey,
	filter,
	value,
	rows,
	onChange,
}: FilterSelectProps<Row>) {
	const [typed, setTyped] = useState('');
	const [asked] = useDebouncedValue(filter.isSearched ? typed : '', pauseMs);
	const options = useQuery(optionsQuery(gridKey, filter, asked));
	const offered = options.data ?? [];
	const chosenLabel = useOptionLabel(gridKey, filter, value, rows);
	const isOffered = value === null || offered.some((option) => option.value === value);
	return (
		<Select
			label={filter.label}
			placeholder={filter.anyLabel}
			data={isOffered ? [...offered] : [{ value, label: chosenLabel }, ...offered]}
			value={value}
			clearable
			searchable
			// The menu puts the focus on its first filter, whose list would hide the others.
			openOnFocus={false}
			// The list itself scrolls, as a list that belongs to a field may without being in the tab order.
			withScrollArea={false}
			classNames={{ options: classes.options }}
			comboboxProps={{ withinPortal: false }}
			nothingFoundMessage={
				options.error?.message ?? text(options.isPending ? 'loading' : 'noOption')
			}
			clearButtonProps={{ 'aria-label': text('removeFilter', { filter: filter.label }) }}
			onSearchChange={(text) => setTyped(text === chosenLabel ? '' : text)}
			onChange={(next) => onChange(next ?? '')}
		/>
	);
}
