import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { text } from './text.ts';
import type { GridActions, OfferedAction } from './use-grid-actions.ts';

interface ActionButtonsProps<Row> {
	readonly actions: GridActions<Row>;
}

/** Plus, which needs no row. */
export function AddButton<Row>({ actions: { add } }: ActionButtonsProps<Row>) {
	return add === null ? null : <IconButton action={add} />;
}

/** Pencil, bin, and the menu of what else can be done to rows. */
export function RowButtons<Row>({ actions: { edit, remove, others } }: ActionButtonsProps<Row>) {
	return (
		<>
			{edit === null ? null : <IconButton action={edit} />}
			{remove === null ? null : <IconButton action={remove} />}
			{others.length === 0 ? null : (
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
							disabled={!others.some(({ isPossible }) => isPossible)}
						>
							{text('actions')}
						</Button>
					</Menu.Target>
					<Menu.Dropdown>
						{others.map(({ key, label, icon: Icon, isPossible, run }) => (
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
			)}
		</>
	);
}

function IconButton({
	action: { key, label, icon: Icon, isPossible, run },
}: {
	readonly action: OfferedAction;
}) {
	return (
		<Tooltip label={label}>
			<ActionIcon
				variant={key === 'add' ? 'filled' : 'default'}
				size={32}
				aria-label={label}
				disabled={!isPossible}
				onClick={run}
			>
				<Icon size={18} stroke={1.7} />
			</ActionIcon>
		</Tooltip>
	);
}
