import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { roleLabels } from '#contract/roles.ts';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { addUser, newUserSchema } from '../../contract.ts';
import { text } from '../text.ts';
import { UserFields } from './user-fields.tsx';
import { editOf, newValues, type UserValues } from './user-values.ts';

interface AddValues extends UserValues {
	email: string;
}

/** Adds a user, who then gets an invitation. */
export default function AddForm(dialog: GridDialog) {
	const form = useForm<AddValues>({
		initialValues: { email: '', ...newValues },
		validate: (values) => schemaErrors(newUserSchema, bodyOf(values)),
	});
	return (
		<FormDrawer
			{...dialog}
			title={text('add')}
			form={form}
			what={({ email, role }) => text('addWhat', { email: email.trim(), role: roleLabels[role] })}
			onSubmit={async (values, confirm) => {
				await call(addUser, { body: { ...bodyOf(values), confirm } });
			}}
			done={({ email }) => text('added', { email: email.trim() })}
		>
			<TextInput
				label={text('userName')}
				description={text('userNameHelp')}
				type="email"
				withAsterisk
				data-autofocus
				{...form.getInputProps('email')}
			/>
			<UserFields form={form} user={null} />
		</FormDrawer>
	);
}

function bodyOf(values: AddValues) {
	return { email: values.email.trim(), ...editOf(values) };
}
