import { NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type DeviceFamily, deviceFamilies, deviceFamilyLabels } from '#contract/family.ts';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { addDevice, newDeviceSchema } from '../../contract.ts';
import { text } from '../text.ts';
import { EditFields } from './edit-fields.tsx';
import { type EditValues, editOf, newValues } from './edit-values.ts';
import { useShowKey } from './use-show-key.ts';

interface AddValues extends EditValues {
	deviceId: string;
	telematicsId: string;
	family: DeviceFamily;
}

/** Adds a device; its key is shown once. */
export default function AddForm(dialog: GridDialog) {
	const showKey = useShowKey();
	const form = useForm<AddValues>({
		initialValues: { deviceId: '', telematicsId: '', family: 'ev', ...newValues },
		validate: (values) => schemaErrors(newDeviceSchema, bodyOf(values)),
	});
	return (
		<FormDrawer
			{...dialog}
			title={text('add')}
			form={form}
			what={({ deviceId, family }) =>
				text('addWhat', { deviceId: deviceId.trim(), family: deviceFamilyLabels[family] })
			}
			onSubmit={async (values, confirm) => {
				const issued = await call(addDevice, { body: { ...bodyOf(values), confirm } });
				showKey({ ...issued, note: null });
			}}
			done={({ deviceId }) => text('added', { deviceId: deviceId.trim() })}
		>
			<TextInput
				label={text('deviceId')}
				withAsterisk
				data-autofocus
				{...form.getInputProps('deviceId')}
			/>
			<TextInput label={text('telematicsId')} {...form.getInputProps('telematicsId')} />
			<NativeSelect
				label={text('family')}
				withAsterisk
				data={deviceFamilies.map((value) => ({ value, label: deviceFamilyLabels[value] }))}
				{...form.getInputProps('family')}
			/>
			<EditFields inputProps={form.getInputProps} />
		</FormDrawer>
	);
}

function bodyOf(values: AddValues) {
	const { deviceId, telematicsId, family } = values;
	const { osmandAllowed: _, ...edit } = editOf(values);
	return {
		deviceId: deviceId.trim(),
		telematicsId: telematicsId.trim() === '' ? null : telematicsId.trim(),
		family,
		...edit,
	};
}
