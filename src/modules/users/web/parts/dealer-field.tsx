import { useState } from 'react';
import { type SearchedOption, SearchedSelect } from '#web/ui/searched-select.tsx';
import { dealerOptions } from '../choices.ts';
import { text } from '../text.ts';

interface DealerFieldProps {
	readonly value: string | null;
	readonly onChange: (value: string | null) => void;
	readonly error?: React.ReactNode;
	/** The dealer that is chosen already, as it reads. */
	readonly known: SearchedOption | null;
}

/** The dealer to whom a user belongs, found by typing. */
export function DealerField({ value, onChange, error, known }: DealerFieldProps) {
	const [chosen, setChosen] = useState(known);
	return (
		<SearchedSelect
			label={text('dealer')}
			placeholder={text('pickDealer')}
			withAsterisk
			queryKey="user-dealers"
			search={dealerOptions}
			chosen={value === null ? null : chosen}
			error={error}
			onChange={(next) => {
				setChosen(next);
				onChange(next?.value ?? null);
			}}
		/>
	);
}
