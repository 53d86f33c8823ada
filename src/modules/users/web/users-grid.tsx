import { IconLogout, IconMailForward, IconShieldOff, IconUsers } from '@tabler/icons-react';
import { lazy } from 'react';
import { misRoleLabels, roleLabels, roles } from '#contract/roles.ts';
import { call } from '#web/api/call.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { createdColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridAction, GridColumn, GridDefinition, GridFilter } from '#web/ui/grid-page/grid.ts';
import {
	addUser,
	deleteUser,
	editUser,
	endUserSessions,
	exportUsers,
	listUsers,
	resendActivation,
	resetUserSecondFactor,
	showUser,
	type UserPage,
	type UserRow,
	type UserSort,
	userStateLabels,
	userStates,
} from '../contract.ts';
import { customerOptions, dealerOptions } from './choices.ts';
import { offerText } from './offer-text.ts';
import { CustomersCell, EmailCell, SignInCell, StateCell } from './parts/cells.tsx';
import { UserCard } from './parts/user-card.tsx';
import { UserPanel, UserSummary } from './parts/user-panel.tsx';
import { text } from './text.ts';

interface UserColumn extends GridColumn<UserRow> {
	readonly sort?: UserSort;
}

const columns: readonly UserColumn[] = [
	{
		key: 'email',
		title: text('userName'),
		sort: 'email',
		widthPx: 260,
		cell: (row) => <EmailCell row={row} />,
	},
	{ ...wordsColumn('name', text('name'), 160, (row) => row.name), sort: 'name' },
	{
		key: 'state',
		title: text('state'),
		widthPx: 160,
		cell: (row) => <StateCell row={row} />,
	},
	{
		key: 'role',
		title: text('role'),
		sort: 'role',
		widthPx: 110,
		cell: (row) => roleLabels[row.role],
	},
	{
		key: 'mis-role',
		title: text('misRole'),
		widthPx: 96,
		cell: (row) => misRoleLabels[row.misRole],
	},
	{
		key: 'customers',
		title: text('customers'),
		widthPx: 240,
		cell: (row) => <CustomersCell row={row} />,
	},
	wordsColumn('dealer', text('dealer'), 150, (row) => row.dealerName),
	{
		key: 'last-sign-in',
		title: text('lastSignIn'),
		widthPx: 252,
		cell: (row) => <SignInCell row={row} />,
	},
	{
		key: 'user-account',
		title: text('userAccount'),
		widthPx: 150,
		cell: (row) => row.userAccount,
	},
	createdColumn(text('created')),
];

const filters: readonly GridFilter<UserRow>[] = [
	{
		name: 'role',
		label: text('role'),
		anyLabel: text('anyRole'),
		options: async () => roles.map((value) => ({ value, label: roleLabels[value] })),
	},
	{
		name: 'state',
		label: text('state'),
		anyLabel: text('anyState'),
		options: async () => userStates.map((value) => ({ value, label: userStateLabels[value] })),
	},
	{
		name: 'customer',
		label: text('customers'),
		anyLabel: text('anyCustomer'),
		options: customerOptions,
		isSearched: true,
		labelIn: ({ customers }, value) =>
			customers?.find(({ customerNo }) => String(customerNo) === value)?.name ?? null,
	},
	{
		name: 'dealer',
		label: text('dealer'),
		anyLabel: text('anyDealer'),
		options: dealerOptions,
		isSearched: true,
		labelIn: (row) => row.dealerName,
	},
];

const emailOf = (rows: readonly UserRow[]) => rows[0]?.email ?? '';

const actions: readonly GridAction<UserRow>[] = [
	{
		key: 'resend',
		label: text('resend'),
		icon: IconMailForward,
		endpoint: resendActivation,
		needs: 'one',
		suits: ({ state }) => state !== 'active',
		confirm: {
			what: (rows) => text('resendWhat', { email: emailOf(rows) }),
			run: changeEach(resendActivation),
			done: (rows) => text('resent', { email: emailOf(rows) }),
		},
	},
	{
		key: 'reset-second-factor',
		label: text('resetSecondFactor'),
		icon: IconShieldOff,
		endpoint: resetUserSecondFactor,
		needs: 'one',
		suits: ({ hasSecondFactor, isOutOfReach, isSelf }) =>
			hasSecondFactor && !isOutOfReach && !isSelf,
		confirm: {
			what: (rows) => text('resetSecondFactorWhat', { email: emailOf(rows) }),
			run: changeEach(resetUserSecondFactor),
			done: (rows) => text('didResetSecondFactor', { email: emailOf(rows) }),
		},
	},
	{
		key: 'end-sessions',
		label: text('endSessions'),
		icon: IconLogout,
		endpoint: endUserSessions,
		needs: 'one',
		suits: ({ isOutOfReach }) => !isOutOfReach,
		confirm: {
			what: (rows) => text('endSessionsWhat', { email: emailOf(rows) }),
			run: changeEach(endUserSessions),
			done: (rows) => text('endedSessions', { email: emailOf(rows) }),
		},
	},
];

function changeEach(
	endpoint:
		| typeof resendActivation
		| typeof endUserSessions
		| typeof resetUserSecondFactor
		| typeof deleteUser,
) {
	return async (rows: readonly UserRow[], confirm: string) => {
		for (const { userNo } of rows)
			await call(endpoint, { params: { userNo: String(userNo) }, body: { confirm } });
	};
}

function usersText(rows: readonly UserRow[]): string {
	if (rows.length === 1) return emailOf(rows);
	return text('countUsers', {
		count: rows.length,
		names: rows.map(({ email }) => email).join(', '),
	});
}

/** The list of all users of the organization. */
export const usersGrid: GridDefinition<UserRow, UserPage> = {
	key: 'users',
	label: offerText('users'),
	list: listUsers,
	columns,
	filters,
	rowKey: (row) => String(row.userNo),
	rowName: (row) => row.email,
	card: (row) => <UserCard row={row} />,
	searchLabel: text('searchLabel'),
	emptyIcon: IconUsers,
	emptyTitle: text('emptyTitle'),
	emptyDetail: text('emptyDetail'),
	noMatchTitle: text('noMatchTitle'),
	faultTitle: text('faultTitle'),
	detail: {
		read: (userNo, signal) => call(showUser, { params: { userNo } }, signal),
		beside: (row) => <CopyButton value={row.email} what={text('theUserName')} />,
		summary: (row) => <UserSummary row={row} />,
		body: (row) => <UserPanel row={row} />,
	},
	excel: exportUsers,
	copy: { label: text('copyUserNames'), value: (row) => row.email },
	add: {
		endpoint: addUser,
		label: text('add'),
		component: lazy(() => import('./parts/add-form.tsx')),
	},
	edit: {
		endpoint: editUser,
		label: text('edit'),
		component: lazy(() => import('./parts/edit-form.tsx')),
	},
	remove: {
		endpoint: deleteUser,
		label: text('remove'),
		what: (rows) => text('removeWhat', { users: usersText(rows) }),
		run: changeEach(deleteUser),
		done: (rows) =>
			rows.length === 1
				? text('removedOne', { email: emailOf(rows) })
				: text('removedMany', { count: rows.length }),
	},
	actions,
};
