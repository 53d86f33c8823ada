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
}

/** Adds an organization; its first Admin is added from inside. */
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
				const { name, hosts } = bodyOf(values);
				return text('addWhat', { name, hosts: hosts.join(', ') || text('anyHost') });
			}}
			onSubmit={async (values, confirm) => {
				await call(addOrganization, { body: { ...bodyOf(values), confirm } });
			}}
			done={({ name }) => text('added', { name: name.trim() })}
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
		</FormDrawer>
	);
}

function bodyOf({ name, hosts, timeZone, country }: AddValues) {
	return { name: name.trim(), hosts: hostsIn(hosts), timeZone, country };
}
