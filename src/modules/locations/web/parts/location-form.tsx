import { NumberInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { countryCodes, countryName } from '#contract/country.ts';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { addLocation, editLocation, type LocationRow, locationEditSchema } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './location-form.module.css';
import { LocationMap } from './location-map.tsx';
import { degrees, editOf, rounded, valuesOf } from './location-values.ts';
import { PlaceSearch } from './place-search.tsx';

interface LocationFormProps extends GridDialog {
	/** The location to change; without it one is added. */
	readonly row?: LocationRow;
}

const countries = countryCodes
	.map((value) => ({ value, label: countryName(value) }))
	.sort((one, other) => one.label.localeCompare(other.label, 'en'));

/** Adds a location or changes one as it was when the form opened; when somebody was faster, it says what they changed. */
export default function LocationForm({ row, ...dialog }: LocationFormProps) {
	const [opened] = useState(row);
	const form = useForm({
		initialValues: valuesOf(opened),
		validate: (values) => schemaErrors(locationEditSchema, editOf(values)),
	});
	const { city, lat, lon } = form.values;
	const position = { lat: degrees(lat), lon: degrees(lon) };
	const isPosition = locationEditSchema.pick({ lat: true, lon: true }).safeParse(position).success;
	const input = form.getInputProps;
	return (
		<FormDrawer
			{...dialog}
			title={text(opened === undefined ? 'add' : 'edit')}
			form={form}
			onSubmit={async (values) => {
				const after = editOf(values);
				if (opened === undefined) await call(addLocation, { body: after });
				else {
					const before = editOf(valuesOf(opened));
					const { locationNo } = opened;
					await call(editLocation, { params: { locationNo }, body: { before, after } });
				}
			}}
			done={(values) =>
				text(opened === undefined ? 'added' : 'edited', { city: values.city.trim() })
			}
		>
			<PlaceSearch
				isFirst={opened === undefined}
				onChoose={(place) => {
					form.setValues({
						city: place.name,
						country: place.country,
						lat: place.lat,
						lon: place.lon,
					});
					form.clearErrors();
				}}
			/>
			<TextInput
				label={text('city')}
				withAsterisk
				{...(opened !== undefined && { 'data-autofocus': true })}
				{...input('city')}
			/>
			<TextInput label={text('district')} withAsterisk {...input('district')} />
			<TextInput label={text('state')} withAsterisk {...input('state')} />
			<Select
				label={text('country')}
				withAsterisk
				searchable
				placeholder={text('chooseCountry')}
				data={countries}
				openOnFocus={false}
				withScrollArea={false}
				classNames={{ options: classes.options }}
				comboboxProps={{ zIndex: 350 }}
				{...input('country')}
				value={form.values.country === '' ? null : form.values.country}
				onChange={(country) => form.setFieldValue('country', country ?? '')}
			/>
			<TextInput label={text('zone')} {...input('zone')} />
			<div className={classes.position}>
				<NumberInput
					label={text('lat')}
					withAsterisk
					hideControls
					min={-90}
					max={90}
					decimalScale={6}
					suffix="°"
					{...input('lat')}
				/>
				<NumberInput
					label={text('lon')}
					withAsterisk
					hideControls
					min={-180}
					max={180}
					decimalScale={6}
					suffix="°"
					{...input('lon')}
				/>
			</div>
			<div>
				<p className={classes.help}>{text('positionHelp')}</p>
				<LocationMap
					position={isPosition ? position : null}
					city={city}
					onMove={(moved) => form.setValues({ lat: rounded(moved.lat), lon: rounded(moved.lon) })}
				/>
			</div>
		</FormDrawer>
	);
}
