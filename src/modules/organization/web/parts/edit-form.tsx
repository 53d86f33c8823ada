import { Checkbox, ColorInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { sessionQuery } from '#web/session/queries.ts';
import { countryChoices, timeZoneChoices } from '#web/text/places.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import {
	changeOrganization,
	logoPath,
	type OrganizationSettings,
	optionalModules,
	organizationSettingsSchema,
} from '../../contract.ts';
import { type OwnOrganization, organizationQuery } from '../queries.ts';
import { text } from '../text.ts';
import { BrandPreview } from './brand-preview.tsx';
import classes from './edit-form.module.css';
import { type EditValues, settingsOf, valuesOf } from './edit-values.ts';
import { LogoField } from './logo-field.tsx';
import { currencyChoices, localeChoices } from './region-choices.ts';

interface EditFormProps {
	readonly organization: OwnOrganization;
	readonly onClose: () => void;
}

/** Changes the organization as it was when the form opened; when somebody was faster, it says what they changed. */
export function EditForm({ organization, onClose }: EditFormProps) {
	const queryClient = useQueryClient();
	const [before] = useState(() => organizationSettingsSchema.parse(organization));
	const [places] = useState(() => ({
		countries: countryChoices(),
		timeZones: timeZoneChoices(before.timeZone),
		currencies: currencyChoices(),
	}));
	const form = useForm<EditValues>({
		initialValues: valuesOf(before),
		validate: (values) => schemaErrors(organizationSettingsSchema, settingsOf(values)),
	});
	const { name, colour, logo, newLogo, country, locale } = form.values;
	const shownColour = organizationSettingsSchema.shape.colour.safeParse(colour).data ?? null;
	const shownLogo = newLogo?.url ?? (logo === null ? null : logoPath(logo));
	const choice = { searchable: true, nothingFoundMessage: text('noMatch') };
	return (
		<FormDrawer
			opened
			onClose={onClose}
			title={text('edit')}
			form={form}
			what={(values) => whatChanges(before, values)}
			onSubmit={async (values, confirm) => {
				const after = { ...settingsOf(values), logo: values.newLogo === null ? values.logo : null };
				const body = { before, after, newLogo: values.newLogo?.base64 ?? null, confirm };
				await call(changeOrganization, { body });
			}}
			onDone={() => {
				void queryClient.invalidateQueries({ queryKey: organizationQuery.queryKey });
				void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
			}}
			done={(values) => text('edited', { name: values.name.trim() })}
		>
			<TextInput label={text('name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
			<LogoField
				shown={shownLogo}
				error={form.errors.logo}
				onChoose={(chosen) => {
					form.setFieldValue('newLogo', chosen);
					form.clearFieldError('logo');
				}}
				onRemove={() => {
					form.setFieldValue('newLogo', null);
					form.setFieldValue('logo', null);
				}}
				onFault={(sentence) => form.setFieldError('logo', sentence)}
			/>
			<ColorInput
				label={text('colour')}
				description={text('colourHelp')}
				placeholder="#1b6ec2"
				format="hex"
				withEyeDropper={false}
				// Otherwise it would put back the last colour where somebody emptied the field.
				fixOnBlur={false}
				popoverProps={{ zIndex: 320 }}
				{...form.getInputProps('colour')}
			/>
			<BrandPreview name={name} colour={shownColour} logo={shownLogo} />
			<Select
				label={text('timeZone')}
				withAsterisk
				data={places.timeZones}
				{...choice}
				{...form.getInputProps('timeZone')}
			/>
			<Select
				label={text('country')}
				withAsterisk
				data={places.countries}
				{...choice}
				{...form.getInputProps('country')}
			/>
			<Select
				label={text('locale')}
				withAsterisk
				data={localeChoices(locale, country)}
				{...form.getInputProps('locale')}
			/>
			<Select
				label={text('currency')}
				clearable
				clearButtonProps={{ 'aria-label': text('currencyClear') }}
				data={places.currencies}
				{...choice}
				{...form.getInputProps('currency')}
			/>
			<TextInput
				label={text('supportName')}
				description={text('supportHelp')}
				{...form.getInputProps('supportName')}
			/>
			<TextInput
				label={text('supportEmail')}
				type="email"
				{...form.getInputProps('supportEmail')}
			/>
			<TextInput label={text('supportPhone')} type="tel" {...form.getInputProps('supportPhone')} />
			<Checkbox.Group
				label={text('modules')}
				description={text('modulesHelp')}
				{...form.getInputProps('modules')}
			>
				<div className={classes.modules}>
					{optionalModules.map((module) => (
						<Checkbox
							key={module}
							value={module}
							label={text(module)}
							description={text(`${module}Detail`)}
						/>
					))}
				</div>
			</Checkbox.Group>
		</FormDrawer>
	);
}

const labels: Record<keyof OrganizationSettings, string> = {
	name: text('name'),
	colour: text('colour'),
	logo: text('logo'),
	timeZone: text('timeZone'),
	country: text('country'),
	locale: text('locale'),
	currency: text('currency'),
	supportName: text('supportName'),
	supportEmail: text('supportEmail'),
	supportPhone: text('supportPhone'),
	modules: text('modules'),
};

function whatChanges(before: OrganizationSettings, values: EditValues): string {
	const after = { ...settingsOf(values), logo: values.newLogo?.url ?? values.logo };
	const changed = Object.entries(labels).filter(
		([field]) => written(before, field) !== written(after, field),
	);
	if (changed.length === 0) return text('nothingChanged');
	return text('editWhat', {
		changes: changed.map(([, label]) => label).join(', '),
		name: before.name,
	});
}

function written(settings: OrganizationSettings, field: string): string {
	return JSON.stringify(Object.entries(settings).find(([name]) => name === field)?.[1]);
}
