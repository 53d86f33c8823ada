import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type Later, useLater } from '#web/later.ts';

interface ToolbarMenuProps<Module> {
	readonly label: string;
	/** What the button is called when that says more. */
	readonly buttonLabel?: string;
	readonly icon: ReactNode;
	readonly position: 'bottom-start' | 'bottom-end';
	readonly className?: string | undefined;
	/** What it shows comes when somebody reaches for it. */
	readonly code: Later<Module>;
	readonly children: (module: Module) => ReactNode;
}

/** A button of the toolbar, and what it unfolds. */
export function ToolbarMenu<Module>({
	label,
	buttonLabel = label,
	icon,
	position,
	className,
	code,
	children,
}: ToolbarMenuProps<Module>) {
	const [isWanted, setIsWanted] = useState(false);
	const [isOpen, setIsOpen] = useState(false);
	const module = useLater(code, isWanted);
	return (
		<Popover
			opened={isOpen && module !== null}
			onChange={setIsOpen}
			position={position}
			shadow="md"
			width={300}
			trapFocus
			returnFocus
		>
			<Popover.Target>
				<Tooltip label={label}>
					<ActionIcon
						variant="subtle"
						color="gray"
						c="inherit"
						size={32}
						aria-label={buttonLabel}
						onPointerEnter={() => setIsWanted(true)}
						onClick={() => {
							setIsWanted(true);
							setIsOpen(!isOpen);
						}}
					>
						{icon}
					</ActionIcon>
				</Tooltip>
			</Popover.Target>
			<Popover.Dropdown aria-label={label} className={className}>
				{module === null ? null : children(module)}
			</Popover.Dropdown>
		</Popover>
	);
}
