import { Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { useSession } from '#web/session/session.ts';
import { countryChoices, timeZoneChoices } from '#web/text/places.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { addOrganization, newOrganizationSchema } from '../../contract.ts';
import { text } from '../text.ts';
import { hostsIn, withHostErrors } from './hosts.ts';
import { HostsField } from './hosts-field.tsx';

interface AddValues extends Record<string, unknown> {
	name: string;
	hosts: string;
	timeZone: string;
	country: string;
	adminEmail: string;
	adminName: string;
}

/** Adds an organization, whose first Admin then gets an invitation. */
export default function AddOrganizationForm(dialog: GridDialog) {
	const { organization } = useSession();
	const [countries] = useState(countryChoices);
	const [timeZones] = useState(() => timeZoneChoices(organization.timeZone));
	const form = useForm<AddValues>({
		initialValues: {
			name: '',
			hosts: '',
			timeZone: organization.timeZone,
			country: organization.country,
			adminEmail: '',
			adminName: '',
		},
		validate: (values) => withHostErrors(schemaErrors(newOrganizationSchema, bodyOf(values))),
	});
	const choice = { searchable: true, nothingFoundMessage: text('noMatch') };
	return (
		<FormDrawer
			{...dialog}
			title={text('add')}
			form={form}
			what={(values) => {
				const { name, hosts, adminEmail } = bodyOf(values);
				const at = hosts.join(', ') || text('anyHost');
				return text('addWhat', { name, hosts: at, email: adminEmail });
			}}
			onSubmit={async (values, confirm) => {
				await call(addOrganization, { body: { ...bodyOf(values), confirm } });
			}}
			done={({ name, adminEmail }) =>
				text('added', { name: name.trim(), email: adminEmail.trim() })
			}
		>
			<TextInput label={text('name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
			<HostsField inputProps={form.getInputProps('hosts')} />
			<Select
				label={text('country')}
				withAsterisk
				data={countries}
				{...choice}
				{...form.getInputProps('country')}
			/>
			<Select
				label={text('timeZone')}
				withAsterisk
				data={timeZones}
				{...choice}
				{...form.getInputProps('timeZone')}
			/>
			<TextInput
				label={text('adminEmail')}
				description={text('adminEmailHelp')}
				type="email"
				withAsterisk
				{...form.getInputProps('adminEmail')}
			/>
			<TextInput label={text('adminName')} {...form.getInputProps('adminName')} />
		</FormDrawer>
	);
}

function bodyOf({ name, hosts, timeZone, country, adminEmail, adminName }: AddValues) {
	return {
		name: name.trim(),
		hosts: hostsIn(hosts),
		timeZone,
		country,
		adminEmail: adminEmail.trim(),
		adminName: adminName.trim() === '' ? null : adminName.trim(),
	};
}
