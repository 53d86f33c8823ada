import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { SearchedSelect } from '#web/ui/searched-select.tsx';
import {
	addCustomer,
	type CustomerRow,
	customerEditSchema,
	editCustomer,
	type KeptCustomer,
	pinCodeProblem,
} from '../../contract.ts';
import { dealerOptions, locationOptions, readNamesakes } from '../queries.ts';
import { text } from '../text.ts';

interface CustomerFormProps extends GridDialog {
	/** Left out for a new one. */
	readonly row?: CustomerRow;
}

interface CustomerValues extends Record<string, unknown> {
	name: string;
	address: string;
	city: string;
	pinCode: string;
	mobile: string;
	email: string;
	locationNo: number | null;
	dealerNo: number | null;
}

/** Adds a customer, or changes one as it was when the form opened. */
export default function CustomerForm({ row, ...dialog }: CustomerFormProps) {
	const [edited] = useState(row);
	const [locationName, setLocationName] = useState(edited?.locationCity ?? '');
	const [country, setCountry] = useState<string | null>(null);
	const [dealerName, setDealerName] = useState(edited?.dealerName ?? '');
	const form = useForm<CustomerValues>({
		initialValues: {
			name: edited?.name ?? '',
			address: edited?.address ?? '',
			city: edited?.city ?? '',
			pinCode: edited?.pinCode ?? '',
			mobile: edited?.mobile ?? '',
			email: edited?.email ?? '',
			locationNo: edited?.locationNo ?? null,
			dealerNo: edited?.dealerNo ?? null,
		},
		validate: (values) => {
			const errors = schemaErrors(customerEditSchema, values);
			const problem = pinCodeProblem(values.pinCode.trim(), country);
			return { ...(problem !== null && { pinCode: problem }), ...errors };
		},
	});
	const input = form.getInputProps;
	const { locationNo, dealerNo } = form.values;
	return (
		<FormDrawer
			{...dialog}
			title={text(edited ? 'editCustomer' : 'addCustomer')}
			form={form}
			what={({ name }) => (
				<>
					{text(edited ? 'editCustomerWhat' : 'addCustomerWhat', { name: name.trim() })}
					<Namesakes name={name.trim()} customerNo={edited?.customerNo ?? null} />
				</>
			)}
			onSubmit={async (values, confirm) => {
				if (edited === undefined) await call(addCustomer, { body: { ...values, confirm } });
				else
					await call(editCustomer, {
						params: { customerNo: edited.customerNo },
						body: { before: keptOf(edited), after: values, confirm },
					});
			}}
			done={({ name }) => text(edited ? 'customerEdited' : 'customerAdded', { name: name.trim() })}
		>
			<TextInput label={text('customerName')} withAsterisk data-autofocus {...input('name')} />
			<Textarea label={text('address')} withAsterisk autosize minRows={2} {...input('address')} />
			<SearchedSelect
				label={text('location')}
				description={text('locationHelp')}
				queryKey="customer-locations"
				search={locationOptions}
				chosen={locationNo === null ? null : { value: String(locationNo), label: locationName }}
				error={form.errors.locationNo}
				onChange={(chosen, found) => {
					setLocationName(chosen?.label ?? '');
					setCountry(found?.country ?? null);
					form.setFieldValue('locationNo', chosen === null ? null : Number(chosen.value));
					// A city that somebody wrote stays.
					if (found !== null && form.values.city.trim() === '')
						form.setFieldValue('city', found.city);
				}}
			/>
			<TextInput label={text('city')} withAsterisk {...input('city')} />
			<TextInput label={text('pinCode')} withAsterisk {...input('pinCode')} />
			<TextInput
				label={text('mobile')}
				description={text('mobileHelp')}
				withAsterisk
				inputMode="tel"
				{...input('mobile')}
			/>
			<TextInput label={text('email')} withAsterisk inputMode="email" {...input('email')} />
			<SearchedSelect
				label={text('dealer')}
				description={text('dealerHelp')}
				queryKey="dealers"
				search={dealerOptions}
				chosen={dealerNo === null ? null : { value: String(dealerNo), label: dealerName }}
				error={form.errors.dealerNo}
				onChange={(chosen) => {
					setDealerName(chosen?.label ?? '');
					form.setFieldValue('dealerNo', chosen === null ? null : Number(chosen.value));
				}}
			/>
		</FormDrawer>
	);
}

interface NamesakesProps {
	readonly name: string;
	/** Of the one that is changed. */
	readonly customerNo: number | null;
}

/** Says that others have the same name, which is allowed. */
function Namesakes({ name, customerNo }: NamesakesProps) {
	const { data = [] } = useQuery({
		queryKey: ['grid', 'customers', 'namesakes', name, customerNo],
		queryFn: ({ signal }) => readNamesakes(name, customerNo, signal),
	});
	if (data.length === 0) return null;
	const cities = data.map(({ city }) => city ?? text('noCity')).join(', ');
	return <p>{text('sameName', { cities })}</p>;
}

function keptOf(row: CustomerRow): KeptCustomer {
	const { name, address, city, pinCode, mobile, email, locationNo, dealerNo } = row;
	return { name, address, city, pinCode, mobile, email, locationNo, dealerNo };
}
