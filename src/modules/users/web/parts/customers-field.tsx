import { Input, MultiSelect, SegmentedControl } from '@mantine/core';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import { mostCustomers } from '../../contract.ts';
import { customerOptions } from '../choices.ts';
import { text } from '../text.ts';
import classes from './customers-field.module.css';
import { useChoices } from './use-choices.ts';

interface CustomersFieldProps {
	readonly isNarrowed: boolean;
	/** The role sees chosen customers and nothing else. */
	readonly mustBeNarrowed: boolean;
	readonly disabled: boolean;
	readonly value: readonly string[];
	readonly error?: React.ReactNode;
	/** How the customers read that are chosen already. */
	readonly known: readonly FilterOption[];
	readonly onNarrow: (isNarrowed: boolean) => void;
	readonly onChange: (value: string[]) => void;
}

/** Which customers a user sees: all of them, or those that are chosen, found by typing. */
export function CustomersField({
	isNarrowed,
	mustBeNarrowed,
	disabled,
	value,
	error,
	known,
	onNarrow,
	onChange,
}: CustomersFieldProps) {
	const choices = useChoices('customers', customerOptions, known, value);
	return (
		<Input.Wrapper
			label={text('customers')}
			withAsterisk
			labelElement="div"
			description={disabled ? text('ownSight') : undefined}
		>
			<div className={classes.field}>
				<SegmentedControl
					aria-label={text('customersWhich')}
					fullWidth
					disabled={disabled || mustBeNarrowed}
					data={[
						{ value: 'all', label: text('all') },
						{ value: 'chosen', label: text('chosen') },
					]}
					value={isNarrowed ? 'chosen' : 'all'}
					onChange={(next) => onNarrow(next === 'chosen')}
				/>
				{isNarrowed ? (
					<MultiSelect
						aria-label={text('customers')}
						placeholder={text('pickCustomers')}
						searchable
						hidePickedOptions
						disabled={disabled}
						maxValues={mostCustomers}
						data={choices.options}
						filter={({ options }) => options}
						value={[...value]}
						error={error}
						withScrollArea={false}
						nothingFoundMessage={choices.nothingFound}
						comboboxProps={{ zIndex: 350 }}
						searchValue={choices.typed}
						onSearchChange={choices.setTyped}
						onChange={(next) => {
							choices.keep(next);
							onChange(next);
						}}
					/>
				) : null}
			</div>
		</Input.Wrapper>
	);
}
