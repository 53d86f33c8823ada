import { Select } from '@mantine/core';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import { dealerOptions } from '../choices.ts';
import { text } from '../text.ts';
import { useChoices } from './use-choices.ts';

interface DealerFieldProps {
	readonly value: string | null;
	readonly onChange: (value: string | null) => void;
	readonly error?: React.ReactNode;
	/** How the dealer reads that is chosen already. */
	readonly known: readonly FilterOption[];
}

/** The dealer to whom a user belongs, found by typing. */
export function DealerField({ value, onChange, error, known }: DealerFieldProps) {
	const chosen = value === null ? [] : [value];
	const { options, setTyped, keep, nothingFound } = useChoices(
		'dealers',
		dealerOptions,
		known,
		chosen,
	);
	const chosenLabel = options.find((option) => option.value === value)?.label;
	return (
		<Select
			label={text('dealer')}
			placeholder={text('pickDealer')}
			withAsterisk
			searchable
			data={options}
			filter={({ options: found }) => found}
			value={value}
			error={error}
			withScrollArea={false}
			nothingFoundMessage={nothingFound}
			comboboxProps={{ zIndex: 350 }}
			onSearchChange={(search) => setTyped(search === chosenLabel ? '' : search)}
			onChange={(next) => {
				keep(next === null ? [] : [next]);
				onChange(next);
			}}
		/>
	);
}
