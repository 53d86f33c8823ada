import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { text } from './text.ts';
import type { OfferedAction } from './use-grid-actions.ts';

interface ActionsMenuProps {
	readonly actions: readonly OfferedAction[];
}

/** What else can be done to rows; greyed out while nothing can. */
export function ActionsMenu({ actions }: ActionsMenuProps) {
	return (
		<Menu
			position="bottom-start"
			shadow="md"
			zIndex={250}
			// What it would put first into the menu is no menu item.
			withInitialFocusPlaceholder={false}
		>
			<Menu.Target>
				<Button
					variant="default"
					rightSection={<IconChevronDown size={15} stroke={1.8} />}
					disabled={!actions.some(({ isPossible }) => isPossible)}
				>
					{text('actions')}
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				{actions.map(({ key, label, icon: Icon, isPossible, run }) => (
					<Menu.Item
						key={key}
						leftSection={<Icon size={16} stroke={1.7} />}
						disabled={!isPossible}
						onClick={run}
					>
						{label}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}
