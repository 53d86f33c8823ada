import { NumberInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import {
	familySettings,
	type SettingName,
	type SettingValue,
	type SettingValues,
	settingNames,
	settingOf,
	writableSettings,
} from '#contract/device-settings.ts';
import type { DeviceFamily } from '#contract/family.ts';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import type { DeviceIdentity } from '#web/device-offer.ts';
import { useRegion } from '#web/text/region.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import { changeSettings, type HeldSettings, requestCommand, settingValues } from '../contract.ts';
import { CommandQuestion } from './parts/command-question.tsx';
import { settingWords } from './setting-words.ts';
import { givenText } from './state-words.ts';
import { text } from './text.ts';

type Values = Record<string, SettingValue>;

interface SettingsDrawerProps {
	readonly device: DeviceIdentity;
	/** What the device had when the form was opened. */
	readonly held: HeldSettings;
	readonly opened: boolean;
	readonly onClose: () => void;
}

/** Changes settings of an engine controller: only those that differ from what it has are written. */
export default function SettingsDrawer({ device, held, opened, onClose }: SettingsDrawerProps) {
	const { deviceId, family } = device;
	const queryClient = useQueryClient();
	const toast = useRef('');
	const form = useForm<Values>({
		initialValues: Object.fromEntries(
			familySettings[family].map((name) => [name, held[name]?.value ?? '']),
		),
		validate: (values) => errorsOf(family, held, changedOf(held, values)),
	});

	return (
		<FormDrawer
			opened={opened}
			onClose={onClose}
			title={changeSettings.label}
			form={form}
			what={(values) => (
				<CommandQuestion kind={changeSettings} device={device}>
					<Changes held={held} changed={changedOf(held, values)} />
				</CommandQuestion>
			)}
			onSubmit={async (values, typed) => {
				const value = { ...changedOf(held, values) };
				const body = { name: changeSettings.name, value, confirm: typed };
				const given = await call(requestCommand, { params: { deviceId }, body });
				toast.current = givenText(changeSettings, device, given);
			}}
			onDone={() => void queryClient.invalidateQueries({ queryKey: ['commands', deviceId] })}
			done={() => toast.current}
		>
			{familySettings[family].map((name, index) => (
				<SettingInput
					key={name}
					name={name}
					inputProps={form.getInputProps}
					isFirst={index === 0}
				/>
			))}
		</FormDrawer>
	);
}

interface SettingInputProps {
	readonly name: SettingName;
	readonly inputProps: ReturnType<typeof useForm<Values>>['getInputProps'];
	readonly isFirst: boolean;
}

function SettingInput({ name, inputProps, isFirst }: SettingInputProps) {
	const region = useRegion();
	const setting = settingOf(name);
	const focus = isFirst ? { 'data-autofocus': true } : {};
	if (setting.type === 'text')
		return (
			<TextInput
				label={setting.label}
				description={setting.form}
				{...focus}
				{...inputProps(name)}
			/>
		);
	const { label, unit, min, max, step } = setting;
	return (
		<NumberInput
			label={label}
			description={text('settingRange', {
				min: settingWords(name, min, region),
				max: settingWords(name, max, region),
			})}
			min={min}
			max={max}
			step={step}
			clampBehavior="none"
			suffix={unit === null ? '' : ` ${unit}`}
			{...focus}
			{...inputProps(name)}
		/>
	);
}

interface ChangesProps {
	readonly held: HeldSettings;
	readonly changed: SettingValues;
}

/** Each setting that is about to be written: what it was, and what it will be. */
function Changes({ held, changed }: ChangesProps) {
	const region = useRegion();
	return (
		<FactList>
			{settingNames.map((name) => {
				const after = changed[name];
				if (after === undefined) return null;
				const before = held[name];
				return (
					<Fact key={name} label={settingOf(name).label}>
						<strong>
							<bdi>
								{text('settingChange', {
									before:
										before === undefined
											? text('unknownSetting')
											: settingWords(name, before.value, region),
									after: settingWords(name, after, region),
								})}
							</bdi>
						</strong>
					</Fact>
				);
			})}
		</FactList>
	);
}

/** What differs from what the device had. */
function changedOf(held: HeldSettings, values: Values): SettingValues {
	return Object.fromEntries(
		settingNames.flatMap((name) => {
			const value = values[name];
			if (value === undefined || value === (held[name]?.value ?? '')) return [];
			return [[name, settingOf(name).type === 'number' ? numberOf(value) : value]];
		}),
	);
}

/** What stands in a field for numbers may be a text still; what is none stays one, and is complained about. */
function numberOf(value: SettingValue): SettingValue {
	return value === '' || Number.isNaN(Number(value)) ? value : Number(value);
}

/** What is wrong, by field; what is wrong with the whole stands at the first. */
function errorsOf(
	family: DeviceFamily,
	held: HeldSettings,
	changed: SettingValues,
): Record<string, string> {
	const { '': whole, ...errors } = schemaErrors(
		writableSettings(family, settingValues(held)),
		changed,
	);
	const [first = ''] = familySettings[family];
	return whole === undefined ? errors : { ...errors, [first]: whole };
}
