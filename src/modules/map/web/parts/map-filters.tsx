import { ActionIcon, Button, Indicator, Popover, Select, Stack, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MapAddress } from '../map-address.ts';
import { customersQuery } from '../queries.ts';
import type { Branch } from '../regions.ts';
import { text } from '../text.ts';
import type { ChangeMap } from '../use-map-address.ts';

const pauseMs = 250;

interface MapFiltersProps {
	readonly address: MapAddress;
	readonly onChange: ChangeMap;
	readonly branches: readonly Branch[];
}

/** Shows one customer's devices, or one city's. */
export function MapFilters({ address, onChange, branches }: MapFiltersProps) {
	const [typed, setTyped] = useState('');
	const [q] = useDebouncedValue(typed, pauseMs);
	const customers = useQuery(customersQuery(q, address.customer));
	const cities = branches.flatMap(({ regions }) =>
		regions.map(({ state, cities: among }) => ({
			group: state,
			items: among.map(({ locationNo, city }) => ({ value: String(locationNo), label: city })),
		})),
	);
	const set = [address.customer, address.city].filter((each) => each !== null).length;
	const name = set === 0 ? text('filter') : text('filterActive', { count: set });
	return (
		<Popover position="bottom-end" shadow="md" trapFocus returnFocus>
			<Popover.Target>
				<Tooltip label={name}>
					<Indicator disabled={set === 0} size={8} offset={5}>
						<ActionIcon variant="default" size={32} aria-label={name}>
							<IconAdjustmentsHorizontal size={18} stroke={1.7} />
						</ActionIcon>
					</Indicator>
				</Tooltip>
			</Popover.Target>
			<Popover.Dropdown w={260}>
				<Stack>
					<Select
						label={text('customer')}
						placeholder={text('allCustomers')}
						data={customers.data?.customers.map(({ customerNo, name: label }) => ({
							value: String(customerNo),
							label,
						}))}
						value={address.customer === null ? null : String(address.customer)}
						searchable
						clearable
						comboboxProps={{ withinPortal: false }}
						onSearchChange={setTyped}
						filter={({ options }) => options}
						onChange={(value) => onChange({ customer: value === null ? null : Number(value) })}
					/>
					<Select
						label={text('city')}
						placeholder={text('allCities')}
						data={cities}
						value={address.city === null ? null : String(address.city)}
						searchable
						clearable
						comboboxProps={{ withinPortal: false }}
						onChange={(value) => onChange({ city: value === null ? null : Number(value) })}
					/>
					<Button
						variant="default"
						disabled={set === 0}
						onClick={() => onChange({ customer: null, city: null })}
					>
						{text('clearFilters')}
					</Button>
				</Stack>
			</Popover.Dropdown>
		</Popover>
	);
}
