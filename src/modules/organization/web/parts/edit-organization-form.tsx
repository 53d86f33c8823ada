import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { editOrganization, type OrganizationRow, organizationEditSchema } from '../../contract.ts';
import { text } from '../text.ts';
import { hostsIn, withHostErrors } from './hosts.ts';
import { HostsField } from './hosts-field.tsx';

interface EditOrganizationFormProps extends GridDialog {
	readonly row: OrganizationRow;
}

interface EditValues extends Record<string, unknown> {
	name: string;
	hosts: string;
}

/** Changes an organization's name and hosts as they were when the form opened. */
export default function EditOrganizationForm({ row, ...dialog }: EditOrganizationFormProps) {
	const [{ organizationNo, ...before }] = useState(() => ({
		organizationNo: row.organizationNo,
		name: row.name,
		hosts: row.hosts,
	}));
	const form = useForm<EditValues>({
		initialValues: { name: before.name, hosts: before.hosts.join('\n') },
		validate: (values) => withHostErrors(schemaErrors(organizationEditSchema, bodyOf(values))),
	});
	return (
		<FormDrawer
			{...dialog}
			title={text('editRow')}
			form={form}
			what={() => text('editRowWhat', { name: before.name })}
			onSubmit={async (values, confirm) => {
				const body = { before, after: bodyOf(values), confirm };
				await call(editOrganization, { params: { organizationNo }, body });
			}}
			done={({ name }) => text('edited', { name: name.trim() })}
		>
			<TextInput label={text('name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
			<HostsField inputProps={form.getInputProps('hosts')} />
		</FormDrawer>
	);
}

function bodyOf({ name, hosts }: EditValues) {
	return { name: name.trim(), hosts: hostsIn(hosts) };
}
