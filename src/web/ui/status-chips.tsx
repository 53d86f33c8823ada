import { UnstyledButton } from '@mantine/core';
import type { DeviceFamily } from '#contract/family.ts';
import { type Status, type StatusCounts, statuses, statusLabel } from '#contract/status.ts';
import { useRegion } from '#web/text/region.tsx';
import classes from './status-chips.module.css';
import { toggled } from './status-choice.ts';
import { StatusIcon } from './status-icon.tsx';
import { text } from './text.ts';

interface StatusChipsProps {
	/** Undefined while they are not known. */
	readonly counts: StatusCounts | undefined;
	/** How far anybody counted, when that was not to the end. */
	readonly countedTo: number | null;
	/** Whose words the labels use. */
	readonly family: DeviceFamily;
	/** Empty stands for all. */
	readonly chosen: readonly Status[];
	readonly onChoose: (chosen: readonly Status[]) => void;
}

/** How many devices have each status. A click shows that status alone, a click on a second one adds it. */
export function StatusChips({ counts, countedTo, family, chosen, onChoose }: StatusChipsProps) {
	const region = useRegion();
	const write = (count: number) =>
		countedTo === null ? region.number(count) : `${region.number(Math.min(count, countedTo))}+`;
	const all = counts && Object.values(counts).reduce((sum, count) => sum + count, 0);
	return (
		<fieldset className={classes.chips} aria-label={text('filterByStatus')}>
			<UnstyledButton
				className={classes.chip}
				aria-pressed={chosen.length === 0}
				onClick={() => onChoose([])}
			>
				{text('all')}
				<span className={classes.count}>{all === undefined ? '' : write(all)}</span>
			</UnstyledButton>
			{statuses.map((status) => (
				<UnstyledButton
					key={status}
					className={classes.chip}
					aria-pressed={chosen.includes(status)}
					onClick={() => onChoose(toggled(chosen, status))}
				>
					<StatusIcon status={status} sizePx={13} />
					{statusLabel(status, family)}
					<span className={classes.count}>{counts === undefined ? '' : write(counts[status])}</span>
				</UnstyledButton>
			))}
		</fieldset>
	);
}
