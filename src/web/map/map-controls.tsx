import { ActionIcon, Tooltip } from '@mantine/core';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import classes from './map-controls.module.css';
import { text } from './text.ts';

interface MapControlsProps {
	readonly onZoom: (levels: number) => void;
	readonly onFit: () => void;
	/** What `onFit` shows. */
	readonly fitLabel: string;
}

/** Zoom, and everything at once. */
export function MapControls({ onZoom, onFit, fitLabel }: MapControlsProps) {
	const controls = [
		{ name: text('zoomIn'), icon: IconPlus, act: () => onZoom(1) },
		{ name: text('zoomOut'), icon: IconMinus, act: () => onZoom(-1) },
		{ name: fitLabel, icon: IconFocusCentered, act: onFit },
	];
	return (
		<div className={classes.controls}>
			{controls.map(({ name, icon: ControlIcon, act }) => (
				<Tooltip key={name} label={name} position="left">
					<ActionIcon
						variant="subtle"
						color="gray"
						c="inherit"
						size={38}
						aria-label={name}
						onClick={act}
					>
						<ControlIcon size={19} stroke={1.8} />
					</ActionIcon>
				</Tooltip>
			))}
		</div>
	);
}
