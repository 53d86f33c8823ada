import { Button, TextInput } from '@mantine/core';
import { useSession } from '#web/session/session.ts';
import { instantOfZonedInput, zonedInputText } from '#web/text/zoned-input.ts';
import { withFilter } from '#web/ui/grid-page/grid-address.ts';
import type { Grid } from '#web/ui/grid-page/use-grid.ts';
import type { AuditRow } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './period.module.css';

const minuteMs = 60_000;

interface PeriodProps {
	readonly grid: Grid<AuditRow>;
}

/** From when to when, both minutes included, in the organization's time zone. */
export function Period({ grid: { address, change } }: PeriodProps) {
	const { timeZone } = useSession().organization;
	const { fromMs = '', toMs = '' } = address.filters;

	function choose(name: 'fromMs' | 'toMs', typed: string) {
		const atMs = instantOfZonedInput(typed, timeZone);
		if (typed !== '' && (atMs === null || atMs < 0)) return;
		const bound = atMs === null ? '' : String(name === 'toMs' ? atMs + minuteMs : atMs);
		change({ filters: withFilter(address.filters, name, bound), page: 1 }, { replace: true });
	}

	return (
		<fieldset className={classes.period}>
			<legend className={classes.legend}>{text('period')}</legend>
			<TextInput
				type="datetime-local"
				label={text('from')}
				className={classes.instant}
				value={fromMs === '' ? '' : zonedInputText(Number(fromMs), timeZone)}
				onChange={(event) => choose('fromMs', event.currentTarget.value)}
			/>
			<TextInput
				type="datetime-local"
				label={text('to')}
				className={classes.instant}
				value={toMs === '' ? '' : zonedInputText(Number(toMs) - minuteMs, timeZone)}
				onChange={(event) => choose('toMs', event.currentTarget.value)}
			/>
			{fromMs === '' && toMs === '' ? null : (
				<Button
					variant="default"
					onClick={() => {
						const others = withFilter(address.filters, 'fromMs', '');
						change({ filters: withFilter(others, 'toMs', ''), page: 1 });
					}}
				>
					{text('wholePeriod')}
				</Button>
			)}
		</fieldset>
	);
}
