import { NumberInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import {
	changeDeviceSettings,
	type DeviceSettings,
	deviceSettingsSchema,
	longestKeyGraceHours,
} from '../../contract.ts';
import { text } from '../text.ts';

interface SettingsFormProps {
	readonly settings: DeviceSettings;
	readonly opened: boolean;
	readonly onClose: () => void;
}

interface SettingsValues extends Record<string, unknown> {
	keyGraceHours: number | string;
	telematicsIdFormat: string;
}

/** What the organization wants of its devices. */
export default function SettingsForm({ settings, opened, onClose }: SettingsFormProps) {
	const queryClient = useQueryClient();
	const form = useForm<SettingsValues>({
		initialValues: {
			keyGraceHours: settings.keyGraceHours,
			telematicsIdFormat: settings.telematicsIdFormat ?? '',
		},
		validate: (values) => schemaErrors(deviceSettingsSchema, bodyOf(values)),
	});
	return (
		<FormDrawer
			opened={opened}
			onClose={onClose}
			title={text('settings')}
			form={form}
			what={() => text('settingsWhat')}
			onSubmit={async (values, confirm) => {
				const body = { before: settings, after: bodyOf(values), confirm };
				await call(changeDeviceSettings, { body });
			}}
			onDone={() => void queryClient.invalidateQueries({ queryKey: ['device-settings'] })}
			done={() => text('settingsDone')}
		>
			<NumberInput
				label={text('settingsGrace')}
				description={text('graceHelp')}
				withAsterisk
				data-autofocus
				min={0}
				max={longestKeyGraceHours}
				{...form.getInputProps('keyGraceHours')}
			/>
			<TextInput
				label={text('settingsFormat')}
				description={text('settingsFormatHelp')}
				{...form.getInputProps('telematicsIdFormat')}
			/>
		</FormDrawer>
	);
}

function bodyOf({ keyGraceHours, telematicsIdFormat }: SettingsValues): DeviceSettings {
	return {
		keyGraceHours: keyGraceHours === '' ? Number.NaN : Number(keyGraceHours),
		telematicsIdFormat: telematicsIdFormat.trim() === '' ? null : telematicsIdFormat.trim(),
	};
}
