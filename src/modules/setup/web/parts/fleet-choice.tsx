import { Radio } from '@mantine/core';
import { IconSquareDashed, IconTruckDelivery } from '@tabler/icons-react';
import { fleetChoices } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './fleet-choice.module.css';

const icons = { empty: IconSquareDashed, demo: IconTruckDelivery };
const names = { empty: text('empty'), demo: text('demo') };
const details = { empty: text('emptyDetail'), demo: text('demoDetail') };

interface FleetChoiceProps {
	readonly value?: string;
	readonly onChange?: (choice: string) => void;
}

/** With which fleet to start, as two cards that explain themselves. */
export function FleetChoice({ value, onChange }: FleetChoiceProps) {
	return (
		<Radio.Group
			label={text('fleet')}
			classNames={{ label: classes.legend }}
			value={value}
			onChange={onChange}
		>
			<div className={classes.cards}>
				{fleetChoices.map((choice) => {
					const ChoiceIcon = icons[choice];
					return (
						<Radio.Card
							key={choice}
							value={choice}
							className={classes.card}
							aria-label={names[choice]}
						>
							<ChoiceIcon size={22} stroke={1.6} className={classes.icon} aria-hidden />
							<span className={classes.words}>
								<span className={classes.name}>{names[choice]}</span>
								<span className={classes.detail}>{details[choice]}</span>
							</span>
							<Radio.Indicator />
						</Radio.Card>
					);
				})}
			</div>
		</Radio.Group>
	);
}
