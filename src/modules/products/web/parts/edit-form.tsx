import { Checkbox } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { deviceEditSchema, editDevice, type RegisteredDeviceRow } from '../../contract.ts';
import { text } from '../text.ts';
import { EditFields } from './edit-fields.tsx';
import { editOf, valuesOf } from './edit-values.ts';

interface EditFormProps extends GridDialog {
	readonly row: RegisteredDeviceRow;
}

/** Changes a device as it was when the form opened; when somebody was faster, it says what they changed. */
export default function EditForm({ row, ...dialog }: EditFormProps) {
	const [{ deviceId, ...before }] = useState(() => ({
		deviceId: row.deviceId,
		...editOf(valuesOf(row)),
	}));
	const form = useForm({
		initialValues: valuesOf(before),
		validate: (values) => schemaErrors(deviceEditSchema, editOf(values)),
	});
	return (
		<FormDrawer
			{...dialog}
			title={text('edit')}
			form={form}
			what={() => text('editWhat', { deviceId })}
			onSubmit={async (values, confirm) => {
				const body = { before, after: editOf(values), confirm };
				await call(editDevice, { params: { deviceId }, body });
			}}
			done={() => text('edited', { deviceId })}
		>
			<EditFields inputProps={form.getInputProps} isFirst />
			<Checkbox
				label={text('osmand')}
				description={text('osmandHelp')}
				{...form.getInputProps('osmandAllowed', { type: 'checkbox' })}
			/>
		</FormDrawer>
	);
}
