import { ActionIcon, Tooltip } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { writeSearch } from '#web/address/search-text.ts';
import { startDownload } from '#web/downloads/downloads.ts';
import type { GridReply } from './grid.ts';
import { selectionOf } from './grid-address.ts';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';

interface ExcelButtonProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
}

/** Downloads every row that matches, in the order shown, as an Excel workbook. */
export function ExcelButton<Row, Reply extends GridReply<Row>>({
	grid: { definition, address },
}: ExcelButtonProps<Row, Reply>) {
	const { excel, key, label } = definition;
	if (excel === undefined) return null;
	return (
		<Tooltip label={text('excel')}>
			<ActionIcon
				variant="subtle"
				color="gray"
				c="inherit"
				size={32}
				aria-label={text('excel')}
				onClick={() =>
					void startDownload(
						`${excel.path}${writeSearch(selectionOf(address))}`,
						label,
						`${key}.xlsx`,
					)
				}
			>
				<IconFileSpreadsheet size={18} stroke={1.7} />
			</ActionIcon>
		</Tooltip>
	);
}
