import { ActionIcon, Menu } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconCheck } from '@tabler/icons-react';
import { deviceFamilies, deviceFamilyLabels } from '#contract/family.ts';
import type { FleetSort } from '../../contract.ts';
import type { ConsoleAddress } from '../console-address.ts';
import { text } from '../text.ts';
import type { ChangeConsole } from '../use-console-address.ts';

const sorts: readonly (readonly [FleetSort, string])[] = [
	['last_heard', text('lastHeard')],
	['status', text('status')],
	['vin', text('identity')],
	['soc', text('power')],
];

interface ArrangeMenuProps {
	readonly address: ConsoleAddress;
	readonly onChange: ChangeConsole;
}

/** On a phone, what column titles and the family filter are elsewhere. */
export function ArrangeMenu({ address, onChange }: ArrangeMenuProps) {
	return (
		<Menu position="bottom-end" shadow="md" width={220}>
			<Menu.Target>
				<ActionIcon variant="subtle" color="gray" c="inherit" size={32} aria-label={text('sort')}>
					<IconAdjustmentsHorizontal size={19} stroke={1.7} />
				</ActionIcon>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>{text('sortedBy')}</Menu.Label>
				{sorts.map(([sort, label]) => (
					<Choice
						key={sort}
						label={label}
						isChosen={address.sort === sort}
						onChoose={() => onChange({ sort, page: 1 })}
					/>
				))}
				<Menu.Divider />
				<Choice
					label={text('ascending')}
					isChosen={address.direction === 'asc'}
					onChoose={() => onChange({ direction: 'asc', page: 1 })}
				/>
				<Choice
					label={text('descending')}
					isChosen={address.direction === 'desc'}
					onChoose={() => onChange({ direction: 'desc', page: 1 })}
				/>
				<Menu.Divider />
				<Menu.Label>{text('family')}</Menu.Label>
				<Choice
					label={text('allFamilies')}
					isChosen={address.family === null}
					onChoose={() => onChange({ family: null, page: 1 })}
				/>
				{deviceFamilies.map((family) => (
					<Choice
						key={family}
						label={deviceFamilyLabels[family]}
						isChosen={address.family === family}
						onChoose={() => onChange({ family, page: 1 })}
					/>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}

interface ChoiceProps {
	readonly label: string;
	readonly isChosen: boolean;
	readonly onChoose: () => void;
}

function Choice({ label, isChosen, onChoose }: ChoiceProps) {
	return (
		<Menu.Item
			role="menuitemradio"
			aria-checked={isChosen}
			rightSection={isChosen ? <IconCheck size={16} stroke={1.8} aria-hidden /> : null}
			onClick={onChoose}
		>
			{label}
		</Menu.Item>
	);
}
