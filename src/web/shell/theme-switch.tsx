import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { text } from './text.ts';

/** Light to dark and back; remembered in this browser, the system's choice until then. */
export function ThemeSwitch() {
	const { setColorScheme } = useMantineColorScheme();
	const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
	const other = scheme === 'dark' ? 'light' : 'dark';
	const name = text(other === 'dark' ? 'toDark' : 'toLight');
	return (
		<Tooltip label={name}>
			<ActionIcon
				variant="subtle"
				color="gray"
				c="inherit"
				size={32}
				aria-label={name}
				onClick={() => setColorScheme(other)}
			>
				{other === 'dark' ? (
					<IconMoon size={19} stroke={1.6} />
				) : (
					<IconSun size={19} stroke={1.6} />
				)}
			</ActionIcon>
		</Tooltip>
	);
}
