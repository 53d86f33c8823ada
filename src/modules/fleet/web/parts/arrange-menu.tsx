import { ActionIcon, NativeSelect, Popover, SegmentedControl } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { deviceFamilies, deviceFamilyLabels } from '#contract/family.ts';
import type { ConsoleAddress } from '../console-address.ts';
import { readConsoleAddress } from '../console-address.ts';
import { text } from '../text.ts';
import type { ChangeConsole } from '../use-console-address.ts';
import classes from './arrange-menu.module.css';

const sorts = [
	{ value: 'last_heard', label: text('lastHeard') },
	{ value: 'status', label: text('status') },
	{ value: 'vin', label: text('identity') },
	{ value: 'soc', label: text('power') },
	{ value: 'customer', label: text('customer') },
];
const directions = [
	{ value: 'asc', label: text('ascending') },
	{ value: 'desc', label: text('descending') },
];
const families = [
	{ value: '', label: text('allFamilies') },
	...deviceFamilies.map((value) => ({ value, label: deviceFamilyLabels[value] })),
];

interface ArrangeMenuProps {
	readonly address: ConsoleAddress;
	readonly onChange: ChangeConsole;
}

/** On a phone, what column titles and the family filter are elsewhere. */
export function ArrangeMenu({ address, onChange }: ArrangeMenuProps) {
	/** Takes a choice as the address would spell it. */
	function choose(part: Partial<Record<'sort' | 'direction' | 'family', string>>) {
		const { sort, direction, family } = readConsoleAddress({
			sort: address.sort,
			direction: address.direction,
			...(address.family && { family: address.family }),
			...part,
		});
		onChange({ sort, direction, family, page: 1 });
	}

	return (
		<Popover position="bottom-end" shadow="md" width={250} trapFocus returnFocus>
			<Popover.Target>
				<ActionIcon
					variant="subtle"
					color="gray"
					c="inherit"
					size={32}
					aria-label={text('arrange')}
				>
					<IconAdjustmentsHorizontal size={19} stroke={1.7} />
				</ActionIcon>
			</Popover.Target>
			<Popover.Dropdown className={classes.choices}>
				<NativeSelect
					label={text('sortedBy')}
					data={sorts}
					value={address.sort}
					onChange={(event) => choose({ sort: event.currentTarget.value })}
				/>
				<SegmentedControl
					fullWidth
					aria-label={text('direction')}
					data={directions}
					value={address.direction}
					onChange={(direction) => choose({ direction })}
				/>
				<NativeSelect
					label={text('family')}
					data={families}
					value={address.family ?? ''}
					onChange={(event) => choose({ family: event.currentTarget.value })}
				/>
			</Popover.Dropdown>
		</Popover>
	);
}
