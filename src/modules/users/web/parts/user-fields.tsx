import { NativeSelect, TextInput } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { misRoleLabels, misRoles, roleLabels, roles } from '#contract/roles.ts';
import { useSession } from '#web/session/session.ts';
import { customerListRoles, type UserRow } from '../../contract.ts';
import { text } from '../text.ts';
import { CustomersField } from './customers-field.tsx';
import { DealerField } from './dealer-field.tsx';
import { isNarrowed, type UserValues } from './user-values.ts';

interface UserFieldsProps {
	readonly form: Pick<
		ReturnType<typeof useForm<UserValues>>,
		'getInputProps' | 'setFieldValue' | 'values' | 'errors'
	>;
	/** Who is edited; null for a new user. */
	readonly user: UserRow | null;
}

/** The fields that adding and editing a user have in common. */
export function UserFields({ form, user }: UserFieldsProps) {
	const { role: own } = useSession();
	const { values, errors, getInputProps, setFieldValue } = form;
	const isSelf = user?.isSelf === true;
	const offered = roles.filter(
		(role) => role !== 'super_admin' || own === 'super_admin' || user?.role === 'super_admin',
	);
	return (
		<>
			<TextInput
				label={text('name')}
				{...(user !== null && { 'data-autofocus': true })}
				{...getInputProps('name')}
			/>
			<NativeSelect
				label={text('misRole')}
				description={text('misRoleHelp')}
				withAsterisk
				data={misRoles.map((value) => ({ value, label: misRoleLabels[value] }))}
				{...getInputProps('misRole')}
			/>
			<NativeSelect
				label={text('role')}
				description={isSelf ? text('ownRole') : undefined}
				disabled={isSelf}
				withAsterisk
				data={offered.map((value) => ({ value, label: roleLabels[value] }))}
				{...getInputProps('role')}
			/>
			{values.role === 'dealer' ? (
				<DealerField
					value={values.dealerNo}
					error={errors.dealerNo}
					known={dealerOf(user)}
					onChange={(dealerNo) => setFieldValue('dealerNo', dealerNo)}
				/>
			) : null}
			<TextInput label={text('userAccount')} withAsterisk {...getInputProps('userAccount')} />
			<CustomersField
				isNarrowed={isNarrowed(values)}
				mustBeNarrowed={customerListRoles.includes(values.role)}
				disabled={isSelf}
				value={values.customerNos}
				error={errors.customerNos}
				known={customersOf(user)}
				onNarrow={(narrowed) => setFieldValue('isNarrowed', narrowed)}
				onChange={(customerNos) => setFieldValue('customerNos', customerNos)}
			/>
		</>
	);
}

function dealerOf(user: UserRow | null) {
	if (user === null || user.dealerNo === null || user.dealerName === null) return null;
	return { value: String(user.dealerNo), label: user.dealerName };
}

function customersOf(user: UserRow | null) {
	return (
		user?.customers?.map(({ customerNo, name }) => ({ value: String(customerNo), label: name })) ??
		[]
	);
}
