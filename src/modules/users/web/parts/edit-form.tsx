import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { changedUserSchema, editUser, type UserRow } from '../../contract.ts';
import { text } from '../text.ts';
import { UserFields } from './user-fields.tsx';
import { editOf, type UserValues, valuesOf } from './user-values.ts';

interface EditFormProps extends GridDialog {
	readonly row: UserRow;
}

/** Changes a user as it was when the form opened; when somebody was faster, it says what they changed. */
export default function EditForm({ row, ...dialog }: EditFormProps) {
	const [user] = useState(row);
	const { email } = user;
	const form = useForm<UserValues>({
		initialValues: valuesOf(user),
		validate: (values) => schemaErrors(changedUserSchema, editOf(values)),
	});
	return (
		<FormDrawer
			{...dialog}
			title={text('edit')}
			form={form}
			what={() => text('editWhat', { email })}
			onSubmit={async (values, confirm) => {
				const body = { before: editOf(valuesOf(user)), after: editOf(values), confirm };
				await call(editUser, { params: { userNo: String(user.userNo) }, body });
			}}
			done={() => text('edited', { email })}
		>
			<UserFields form={form} user={user} />
		</FormDrawer>
	);
}
