import { useForm } from '@mantine/form';
import { useState } from 'react';
import { listCustomerOptions, listDealerOptions } from '#modules/customers/contract.ts';
import { call } from '#web/api/call.ts';
import { useRegion } from '#web/text/region.tsx';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { type SearchedOption, SearchedSelect } from '#web/ui/searched-select.tsx';
import { assignDevices, mostAssigned, type RegisteredDeviceRow } from '../../contract.ts';
import { text } from '../text.ts';
import { AssignPreview } from './assign-preview.tsx';
import { type Choice, choiceOf, keep, movesOf, noOwner } from './assigning.ts';

interface AssignFormProps extends GridDialog {
	readonly rows: readonly RegisteredDeviceRow[];
}

const kept: SearchedOption = { value: keep, label: text('keepAsIs') };
const always: readonly SearchedOption[] = [kept, { value: noOwner, label: text('nobody') }];

/** Gives devices to a customer, a dealer or both, and shows before what that changes. */
export default function AssignForm({ rows, ...dialog }: AssignFormProps) {
	const region = useRegion();
	// As they were when the form opened: the server compares.
	const [devices] = useState(rows);
	const [customer, setCustomer] = useState<SearchedOption>(kept);
	// The field tells namesakes apart by their cities.
	const [customerName, setCustomerName] = useState('');
	const [dealer, setDealer] = useState<SearchedOption>(kept);
	const form = useForm<{ customer: string; dealer: string }>({
		initialValues: { customer: keep, dealer: keep },
		validate: (values) => {
			if (devices.length > mostAssigned)
				return { customer: text('tooMany', { count: region.number(mostAssigned) }) };
			if (values.customer === keep && values.dealer === keep)
				return { customer: text('chooseSomebody') };
			return movesOf(devices, wanted(values)).length === 0
				? { customer: text('nothingChanges') }
				: {};
		},
	});
	const wanted = (values: { customer: string; dealer: string }) => ({
		customer: choiceOf(values.customer, customerName),
		dealer: choiceOf(values.dealer, dealer.label),
	});
	function choose(field: 'customer' | 'dealer', chosen: SearchedOption) {
		if (field === 'customer') setCustomer(chosen);
		else setDealer(chosen);
		form.setFieldValue(field, chosen.value);
		form.clearErrors();
	}
	return (
		<FormDrawer
			{...dialog}
			title={text('assign')}
			form={form}
			what={(values) => <AssignPreview devices={devices} wanted={wanted(values)} />}
			onSubmit={async (values, confirm) => {
				const { customer, dealer } = wanted(values);
				await call(assignDevices, {
					body: {
						devices: devices.map(({ deviceId, customerNo, dealerNo }) => ({
							deviceId,
							customerNo,
							dealerNo,
						})),
						...numberOf('customerNo', customer),
						...numberOf('dealerNo', dealer),
						confirm,
					},
				});
			}}
			done={(values) =>
				text('assigned', { count: region.number(movesOf(devices, wanted(values)).length) })
			}
		>
			<p>
				{devices.length === 1
					? text('assignOne', { deviceId: devices[0]?.deviceId ?? '' })
					: text('assignMany', { count: region.number(devices.length) })}
			</p>
			<SearchedSelect
				label={text('customer')}
				autoFocus
				queryKey="customers"
				search={async (q, signal) => {
					const { customers } = await call(listCustomerOptions, { query: { q } }, signal);
					return customers.map((each) => ({
						...each,
						value: String(each.customerNo),
						label: each.city === null ? each.name : `${each.name}, ${each.city}`,
					}));
				}}
				always={always}
				chosen={customer}
				error={form.errors.customer}
				onChange={(chosen, found) => {
					choose('customer', chosen ?? kept);
					setCustomerName(found?.name ?? '');
					if (found?.dealerNo != null && form.values.dealer === keep)
						choose('dealer', { value: String(found.dealerNo), label: found.dealerName ?? '' });
				}}
			/>
			<SearchedSelect
				label={text('dealer')}
				queryKey="dealers"
				search={async (q, signal) => {
					const { dealers } = await call(listDealerOptions, { query: { q } }, signal);
					return dealers.map(({ dealerNo, name }) => ({ value: String(dealerNo), label: name }));
				}}
				always={always}
				chosen={dealer}
				error={form.errors.dealer}
				onChange={(chosen) => choose('dealer', chosen ?? kept)}
			/>
		</FormDrawer>
	);
}

function numberOf<Name extends string>(name: Name, choice: Choice | undefined) {
	return choice === undefined ? {} : { [name]: choice.no };
}
