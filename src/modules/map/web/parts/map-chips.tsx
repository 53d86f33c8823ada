import { UnstyledButton } from '@mantine/core';
import { type Status, statuses } from '#contract/status.ts';
import { useRegion } from '#web/text/region.tsx';
import { StatusIcon } from '#web/ui/status-icon.tsx';
import type { MapClass } from '../map-reading.ts';
import { text } from '../text.ts';
import classes from './map-chips.module.css';

interface MapChipsProps {
	readonly reading: readonly MapClass[];
	/** Devices per status, by its place; undefined while they are not known. */
	readonly counts: Uint32Array | undefined;
	/** Empty stands for all. */
	readonly chosen: readonly Status[];
	readonly onChoose: (chosen: readonly Status[]) => void;
}

/** How many devices there are of each class. A click shows it alone, a click on a second one adds it. */
export function MapChips({ reading, counts, chosen, onChoose }: MapChipsProps) {
	const region = useRegion();
	const countOf = (among: readonly Status[]) =>
		counts === undefined
			? ''
			: region.number(
					among.reduce((sum, status) => sum + (counts[statuses.indexOf(status)] ?? 0), 0),
				);
	const toggle = (as: Status) => {
		const next = reading
			.map((each) => each.as)
			.filter((each) => (each === as) !== chosen.includes(each));
		onChoose(next.length === reading.length ? [] : next);
	};
	return (
		<fieldset className={classes.chips} aria-label={text('statuses')}>
			<UnstyledButton
				className={classes.chip}
				aria-pressed={chosen.length === 0}
				onClick={() => onChoose([])}
			>
				{text('all')}
				<span className={classes.count}>{countOf(statuses)}</span>
			</UnstyledButton>
			{reading.map(({ as, label, statuses: among }) => (
				<UnstyledButton
					key={as}
					className={classes.chip}
					aria-pressed={chosen.includes(as)}
					data-off={(chosen.length > 0 && !chosen.includes(as)) || undefined}
					onClick={() => toggle(as)}
				>
					<StatusIcon status={as} sizePx={13} />
					{label}
					<span className={classes.count}>{countOf(among)}</span>
				</UnstyledButton>
			))}
		</fieldset>
	);
}
