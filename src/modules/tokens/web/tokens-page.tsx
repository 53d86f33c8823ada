import { Button } from '@mantine/core';
import { IconBook2 } from '@tabler/icons-react';
import { publicDocsPath } from '#modules/public-api/contract.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { SecretWindow } from '#web/ui/secret-window.tsx';
import { text } from './text.ts';
import { tokensGrid } from './tokens-grid.tsx';
import classes from './tokens-page.module.css';

/** Tokens by which programs read and control the fleet. */
export default function TokensPage() {
	const grid = useGrid(tokensGrid);
	return (
		<SecretWindow>
			<GridPage
				grid={grid}
				chips={
					<div className={classes.bar}>
						<Button
							component="a"
							href={publicDocsPath}
							target="_blank"
							rel="noreferrer"
							variant="default"
							leftSection={<IconBook2 size={16} stroke={1.8} />}
						>
							{text('docs')}
						</Button>
					</div>
				}
			/>
		</SecretWindow>
	);
}
