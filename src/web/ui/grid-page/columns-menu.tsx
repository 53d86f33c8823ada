import { IconColumns3 } from '@tabler/icons-react';
import { later } from '#web/later.ts';
import type { GridReply } from './grid.ts';
import { text } from './text.ts';
import { ToolbarMenu } from './toolbar-menu.tsx';
import type { Grid } from './use-grid.ts';

const choices = later(() => import('./columns-choices.tsx'));

interface ColumnsMenuProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
}

/** Which columns there are, in which order, and how close the rows stand: kept for the person, on every computer. */
export function ColumnsMenu<Row, Reply extends GridReply<Row>>({
	grid: { definition, arrangement, arrange },
}: ColumnsMenuProps<Row, Reply>) {
	if (arrangement === null) return null;
	return (
		<ToolbarMenu
			label={text('columns')}
			icon={<IconColumns3 size={18} stroke={1.7} />}
			position="bottom-end"
			code={choices}
		>
			{({ ColumnsChoices }) => (
				<ColumnsChoices columns={definition.columns} arrangement={arrangement} arrange={arrange} />
			)}
		</ToolbarMenu>
	);
}
