import { NativeSelect, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDialog } from '#web/ui/grid-page/grid.ts';
import { SearchedSelect } from '#web/ui/searched-select.tsx';
import { useShowSecret } from '#web/ui/secret-window.tsx';
import {
	createToken,
	longestExpiryDays,
	maxTokenDevices,
	type NewToken,
	newTokenSchema,
	type TokenKind,
	type TokenOwner,
	tokenKindLabels,
	tokenKinds,
	usualExpiryDays,
} from '../../contract.ts';
import { devicesQuery, readOwners } from '../queries.ts';
import { text } from '../text.ts';

interface IssueValues extends Record<string, unknown> {
	name: string;
	/** Null: the one who issues it. */
	ownerId: string | null;
	kind: TokenKind;
	deviceIds: string[];
	/** Days; empty: never. */
	expiresInDays: string;
}

const typingMs = 200;
const offeredDays = [30, usualExpiryDays, 180];

/** Issues a token; it is shown once. */
export default function IssueForm(dialog: GridDialog) {
	const showSecret = useShowSecret();
	const [chosen, setChosen] = useState<TokenOwner | null>(null);
	const owners = useQuery({
		queryKey: ['token-owners', 'self'],
		queryFn: ({ signal }) => readOwners('', signal),
	});
	const owner = chosen ?? owners.data?.find(({ isSelf }) => isSelf) ?? null;
	const form = useForm<IssueValues>({
		initialValues: {
			name: '',
			ownerId: null,
			kind: 'read_only',
			deviceIds: [],
			expiresInDays: String(usualExpiryDays),
		},
		validate: (values) => ({
			...schemaErrors(newTokenSchema, bodyOf(values)),
			...(needsDevices(values, owner) &&
				values.deviceIds.length === 0 && { deviceIds: text('restrictionNeeded') }),
			...(owner === null && { ownerId: text('ownerNeeded') }),
		}),
	});
	const { kind } = form.getValues();

	return (
		<FormDrawer
			{...dialog}
			title={text('add')}
			form={form}
			what={(values) => whatOf(values, owner)}
			onSubmit={async (values, confirm) => {
				const { name, token } = await call(createToken, { body: { ...bodyOf(values), confirm } });
				showSecret({
					title: text('tokenTitle', { name }),
					sentence: text('tokenOnce'),
					secret: token,
					what: text('theToken'),
					note: text('tokenNote'),
					noted: text('tokenNoted'),
				});
			}}
			done={({ name }) => text('issued', { name: name.trim() })}
		>
			<TextInput
				label={text('name')}
				description={text('nameHelp')}
				withAsterisk
				data-autofocus
				{...form.getInputProps('name')}
			/>
			<OwnerField
				value={owner}
				error={form.errors.ownerId}
				onChosen={(another) => {
					setChosen(another);
					form.setFieldValue('ownerId', another.userId);
					if (another.control === 'none') form.setFieldValue('kind', 'read_only');
				}}
			/>
			<NativeSelect
				label={text('kind')}
				description={text(kind === 'control' ? 'controlHelp' : 'readOnlyHelp')}
				withAsterisk
				disabled={owner?.control === 'none'}
				data={tokenKinds.map((value) => ({ value, label: tokenKindLabels[value] }))}
				{...form.getInputProps('kind')}
				onChange={({ currentTarget: { value } }) => {
					form.setFieldValue('kind', value === 'control' ? 'control' : 'read_only');
					if (value === 'control' && form.getValues().expiresInDays === '')
						form.setFieldValue('expiresInDays', String(usualExpiryDays));
				}}
			/>
			<DevicesField
				ownerId={owner?.userId ?? null}
				isNeeded={needsDevices(form.getValues(), owner)}
				value={form.getValues().deviceIds}
				error={form.errors.deviceIds}
				onChange={(deviceIds) => form.setFieldValue('deviceIds', deviceIds)}
			/>
			<NativeSelect
				label={text('expiry')}
				withAsterisk
				data={[
					...offeredDays.map((days) => ({
						value: String(days),
						label: text('expiryDays', { count: days }),
					})),
					{ value: String(longestExpiryDays), label: text('expiryYear') },
					...(kind === 'control' ? [] : [{ value: '', label: text('expiryNever') }]),
				]}
				{...form.getInputProps('expiresInDays')}
			/>
		</FormDrawer>
	);
}

interface OwnerFieldProps {
	readonly value: TokenOwner | null;
	readonly error: ReactNode;
	readonly onChosen: (owner: TokenOwner) => void;
}

/** Who owns it: oneself as a member, until somebody else is chosen. */
function OwnerField({ value, error, onChosen }: OwnerFieldProps) {
	return (
		<SearchedSelect
			label={text('owner')}
			description={text('ownerHelp')}
			withAsterisk
			queryKey="token-owners"
			search={findOwners}
			chosen={value && optionOf(value)}
			error={error}
			onChange={(_, found) => {
				if (found !== null) onChosen(found);
			}}
		/>
	);
}

async function findOwners(q: string, signal: AbortSignal) {
	return (await readOwners(q, signal)).map(optionOf);
}

function optionOf(owner: TokenOwner) {
	return { ...owner, value: owner.userId, label: labelOf(owner) };
}

function labelOf({ email, isSelf }: TokenOwner): string {
	return isSelf ? text('myself', { email }) : email;
}

interface DevicesFieldProps {
	/** Null: not known yet. */
	readonly ownerId: string | null;
	readonly isNeeded: boolean;
	readonly value: string[];
	readonly error: unknown;
	readonly onChange: (deviceIds: string[]) => void;
}

/** To which devices it is restricted; those that both see are offered. */
function DevicesField({ ownerId, isNeeded, value, error, onChange }: DevicesFieldProps) {
	const [typed, setTyped] = useState('');
	const [q] = useDebouncedValue(typed, typingMs);
	const { data } = useQuery({
		...devicesQuery(ownerId, q.trim()),
		placeholderData: keepPreviousData,
	});
	return (
		<TagsInput
			label={text('restriction')}
			description={text(isNeeded ? 'restrictionNeeded' : 'restrictionHelp')}
			withAsterisk={isNeeded}
			splitChars={[',', ';', ' ', '\n', '\t']}
			maxTags={maxTokenDevices}
			acceptValueOnBlur
			data={data?.deviceIds ?? []}
			filter={({ options }) => options}
			value={value}
			searchValue={typed}
			onSearchChange={setTyped}
			onChange={onChange}
			error={typeof error === 'string' ? error : null}
		/>
	);
}

function needsDevices({ kind }: IssueValues, owner: TokenOwner | null): boolean {
	return kind === 'control' && owner?.control === 'chosen_devices';
}

function bodyOf({ name, ownerId, kind, deviceIds, expiresInDays }: IssueValues): NewToken {
	return {
		name,
		...(ownerId !== null && { ownerId }),
		kind,
		deviceIds: deviceIds.length === 0 ? null : deviceIds,
		expiresInDays: expiresInDays === '' ? null : Number(expiresInDays),
	};
}

function whatOf(values: IssueValues, owner: TokenOwner | null): string {
	const { name, kind, deviceIds, expiresInDays } = values;
	return text('addWhat', {
		name: name.trim(),
		kind: tokenKindLabels[kind],
		owner: owner?.email ?? '',
		devices:
			deviceIds.length === 0 ? text('whatAll') : text('whatChosen', { count: deviceIds.length }),
		expiry:
			expiresInDays === '' ? text('whatNever') : text('whatExpires', { count: expiresInDays }),
	});
}
