import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import {
	addDealer,
	type DealerRow,
	dealerEditSchema,
	editDealer,
	type KeptDealer,
} from '../../contract.ts';
import { text } from '../text.ts';

interface DealerFormProps extends GridDialog {
	/** Left out for a new one. */
	readonly row?: DealerRow;
}

/** Adds a dealer, or changes one as it was when the form opened. */
export default function DealerForm({ row, ...dialog }: DealerFormProps) {
	const [edited] = useState(row);
	const form = useForm({
		initialValues: {
			name: edited?.name ?? '',
			city: edited?.city ?? '',
			contactName: edited?.contactName ?? '',
			mobile: edited?.mobile ?? '',
			email: edited?.email ?? '',
			address: edited?.address ?? '',
		},
		validate: (values) => schemaErrors(dealerEditSchema, values),
	});
	const input = form.getInputProps;
	return (
		<FormDrawer
			{...dialog}
			title={text(edited ? 'editDealer' : 'addDealer')}
			form={form}
			what={({ name }) => text(edited ? 'editDealerWhat' : 'addDealerWhat', { name: name.trim() })}
			onSubmit={async (values, confirm) => {
				if (edited === undefined) await call(addDealer, { body: { ...values, confirm } });
				else
					await call(editDealer, {
						params: { dealerNo: edited.dealerNo },
						body: { before: keptOf(edited), after: values, confirm },
					});
			}}
			done={({ name }) => text(edited ? 'dealerEdited' : 'dealerAdded', { name: name.trim() })}
		>
			<TextInput label={text('dealerName')} withAsterisk data-autofocus {...input('name')} />
			<TextInput label={text('city')} {...input('city')} />
			<TextInput label={text('contactName')} {...input('contactName')} />
			<TextInput
				label={text('mobile')}
				description={text('mobileHelp')}
				inputMode="tel"
				{...input('mobile')}
			/>
			<TextInput label={text('email')} inputMode="email" {...input('email')} />
			<Textarea label={text('address')} autosize minRows={2} {...input('address')} />
		</FormDrawer>
	);
}

function keptOf({ name, city, contactName, mobile, email, address }: DealerRow): KeptDealer {
	return { name, city, contactName, mobile, email, address };
}
