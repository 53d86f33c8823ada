import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { text } from './text.ts';
import type { GridActions, OfferedAction } from './use-grid-actions.ts';

interface ActionButtonsProps<Row> {
	readonly actions: GridActions<Row>;
	/** Without what needs no row. */
	readonly isForRow?: boolean;
}

/** Plus, pencil, bin, and the menu of what else can be done. */
export function ActionButtons<Row>({ actions, isForRow = false }: ActionButtonsProps<Row>) {
	const { add, edit, remove, others } = actions;
	return (
		<>
			{isForRow || add === null ? null : <IconButton action={add} />}
			{edit === null ? null : <IconButton action={edit} />}
			{remove === null ? null : <IconButton action={remove} />}
			{others.length === 0 ? null : (
				<Menu position="bottom-start" shadow="md" zIndex={250}>
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
