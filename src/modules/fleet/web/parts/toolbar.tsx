import { ActionIcon, Select, Switch, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { Ref } from 'react';
import { deviceFamilies, deviceFamilyLabels, deviceFamilySchema } from '#contract/family.ts';
import { Freshness } from '#web/ui/freshness.tsx';
import { SearchBox } from '#web/ui/search-box.tsx';
import { text as uiText } from '#web/ui/text.ts';
import type { ConsoleAddress } from '../console-address.ts';
import { text } from '../text.ts';
import type { ChangeConsole } from '../use-console-address.ts';
import { ArrangeMenu } from './arrange-menu.tsx';
import classes from './toolbar.module.css';

interface ToolbarProps {
	readonly address: ConsoleAddress;
	readonly onChange: ChangeConsole;
	readonly isRealtime: boolean;
	readonly onRealtime: (isRealtime: boolean) => void;
	readonly readAtMs: number;
	readonly hasFailed: boolean;
	readonly isFetching: boolean;
	readonly onRefresh: () => void;
	readonly isPhone: boolean;
	readonly searchRef: Ref<HTMLInputElement>;
}

/** Search and filters, how fresh the rows are, and what renews them. */
export function Toolbar({
	address,
	onChange,
	isRealtime,
	onRealtime,
	readAtMs,
	hasFailed,
	isFetching,
	onRefresh,
	isPhone,
	searchRef,
}: ToolbarProps) {
	return (
		<div className={classes.toolbar}>
			<SearchBox
				ref={searchRef}
				className={classes.search}
				value={address.q}
				onSearch={(q) => onChange({ q, page: 1 }, { replace: true })}
				label={text('searchName')}
				placeholder={text('search')}
				clearLabel={text('clearSearch')}
				{...(isPhone ? {} : { hotkey: '/' })}
			/>
			{isPhone ? null : (
				<Select
					aria-label={text('family')}
					placeholder={text('allFamilies')}
					data={deviceFamilies.map((value) => ({ value, label: deviceFamilyLabels[value] }))}
					value={address.family}
					clearable
					w={146}
					onChange={(value) =>
						onChange({ family: deviceFamilySchema.nullable().parse(value), page: 1 })
					}
				/>
			)}
			<span className={classes.space} />
			<Freshness isRealtime={isRealtime} readAtMs={readAtMs} hasFailed={hasFailed} />
			<Switch
				size="sm"
				label={uiText('realtime')}
				checked={isRealtime}
				onChange={(event) => onRealtime(event.currentTarget.checked)}
			/>
			{isPhone ? <ArrangeMenu address={address} onChange={onChange} /> : null}
			<Tooltip label={text('refresh')}>
				<ActionIcon
					variant="subtle"
					color="gray"
					c="inherit"
					size={32}
					aria-label={text('refresh')}
					onClick={onRefresh}
				>
					<IconRefresh
						size={18}
						stroke={1.7}
						className={isFetching ? classes.turning : undefined}
					/>
				</ActionIcon>
			</Tooltip>
		</div>
	);
}
