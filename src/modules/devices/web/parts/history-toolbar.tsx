import { ActionIcon, MultiSelect, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import {
	IconChevronLeft,
	IconChevronRight,
	IconZoomIn,
	IconZoomOut,
	type TablerIcon,
} from '@tabler/icons-react';
import { serverNowMs } from '#web/clock/server-clock.ts';
import { useSession } from '#web/session/session.ts';
import { instantOfZonedInput, zonedInputText } from '#web/text/zoned-input.ts';
import { maxSeries, maxSeriesSpanMs } from '../../contract.ts';
import { type DeviceAddress, minRangeMs, type Span, spans } from '../device-address.ts';
import { fieldLabel, fieldUnit } from '../fields.ts';
import { text } from '../text.ts';
import type { ChangeDeviceAddress } from '../use-device-address.ts';
import classes from './history-toolbar.module.css';

const spanLabels: Readonly<Record<Span, string>> = {
	'1h': text('lastHour'),
	'6h': text('lastSixHours'),
	'24h': text('lastDay'),
	'7d': text('lastWeek'),
};

interface Shown {
	readonly fromMs: number;
	readonly toMs: number;
}

interface HistoryToolbarProps {
	readonly address: DeviceAddress;
	/** The time on the charts; null before they are read. */
	readonly shown: Shown | null;
	readonly drawable: readonly string[];
	readonly fields: readonly string[];
	readonly onChange: ChangeDeviceAddress;
}

/** Chooses time and values of the charts; everything dragging does can be done here, too. */
export function HistoryToolbar(props: HistoryToolbarProps) {
	const { address, shown, drawable, fields, onChange } = props;

	/** Moves and stretches the time shown, never into the future. */
	function reframe(move: number, stretch: number) {
		if (shown === null) return;
		const lengthMs = Math.min(
			maxSeriesSpanMs,
			Math.max(minRangeMs, (shown.toMs - shown.fromMs) * stretch),
		);
		const middleMs = (shown.fromMs + shown.toMs) / 2 + move * lengthMs;
		const toMs = Math.min(middleMs + lengthMs / 2, serverNowMs());
		onChange({ range: { fromMs: Math.floor(toMs - lengthMs), toMs: Math.ceil(toMs) } });
	}

	return (
		<div className={classes.toolbar}>
			<SegmentedControl
				aria-label={text('range')}
				size="xs"
				data={spans.map((span) => ({ value: span, label: spanLabels[span] }))}
				value={address.range === null ? address.span : ''}
				onChange={(value) => {
					const span = spans.find((each) => each === value);
					if (span) onChange({ span, range: null });
				}}
			/>
			<div className={classes.steps}>
				<Step icon={IconChevronLeft} name="earlier" mirrored onClick={() => reframe(-0.5, 1)} />
				<Step icon={IconChevronRight} name="later" mirrored onClick={() => reframe(0.5, 1)} />
				<Step icon={IconZoomIn} name="zoomIn" onClick={() => reframe(0, 0.5)} />
				<Step icon={IconZoomOut} name="zoomOut" onClick={() => reframe(0, 2)} />
			</div>
			{shown === null ? null : <RangeInputs shown={shown} onChange={onChange} />}
			<MultiSelect
				aria-label={text('fields')}
				placeholder={fields.length === 0 ? text('pickFields') : ''}
				className={classes.fields}
				searchable
				maxValues={maxSeries}
				data={drawable.map((field) => ({
					value: field,
					label: [fieldLabel(field), fieldUnit(field)].join(' ').trim(),
				}))}
				value={[...fields]}
				onChange={(chosen) => onChange({ fields: chosen.length === 0 ? null : chosen })}
			/>
		</div>
	);
}

interface StepProps {
	readonly icon: TablerIcon;
	readonly name: 'earlier' | 'later' | 'zoomIn' | 'zoomOut';
	/** Points the other way where the page is read from right to left. */
	readonly mirrored?: boolean;
	readonly onClick: () => void;
}

function Step({ icon: StepIcon, name, mirrored = false, onClick }: StepProps) {
	return (
		<Tooltip label={text(name)}>
			<ActionIcon variant="default" size={30} aria-label={text(name)} onClick={onClick}>
				<StepIcon size={16} stroke={1.7} className={mirrored ? classes.mirrored : undefined} />
			</ActionIcon>
		</Tooltip>
	);
}

interface RangeInputsProps {
	readonly shown: Shown;
	readonly onChange: ChangeDeviceAddress;
}

/** Any time, in the organization's time zone. */
function RangeInputs({ shown, onChange }: RangeInputsProps) {
	const { timeZone } = useSession().organization;

	function choose(part: Partial<Shown>) {
		const { fromMs, toMs } = { ...shown, ...part };
		if (toMs - fromMs < minRangeMs || toMs - fromMs > maxSeriesSpanMs) return;
		onChange({ range: { fromMs: Math.floor(fromMs), toMs: Math.ceil(toMs) } });
	}

	return (
		<div className={classes.range}>
			<TextInput
				type="datetime-local"
				aria-label={text('from')}
				value={zonedInputText(shown.fromMs, timeZone)}
				onChange={(event) => {
					const fromMs = instantOfZonedInput(event.currentTarget.value, timeZone);
					if (fromMs !== null) choose({ fromMs });
				}}
			/>
			<span aria-hidden="true">–</span>
			<TextInput
				type="datetime-local"
				aria-label={text('to')}
				value={zonedInputText(shown.toMs, timeZone)}
				onChange={(event) => {
					const toMs = instantOfZonedInput(event.currentTarget.value, timeZone);
					if (toMs !== null) choose({ toMs });
				}}
			/>
		</div>
	);
}
