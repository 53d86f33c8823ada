import '@mantine/spotlight/styles.layer.css';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import type { Icon } from '@tabler/icons-react';
import { IconSearch } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { NamedPage } from '#web/page-offer.ts';
import { useOfferedActions } from '#web/palette/actions.ts';
import type { PaletteSearch } from '#web/palette/search.ts';
import { useSession } from '#web/session/session.ts';
import classes from './palette.module.css';
import { text } from './text.ts';

const [store, spotlight] = createSpotlight();

const pauseMs = 200;
/** One letter finds half the fleet. */
const shortestSearch = 2;

interface PaletteProps {
	readonly pages: readonly NamedPage[];
	readonly searches: readonly PaletteSearch[];
	readonly opened: boolean;
	readonly onOpen: (isOpen: boolean) => void;
}

/** Pages, then what the server finds, then what can be done to what is open: all by typing. */
export default function Palette({ pages, searches, opened, onOpen }: PaletteProps) {
	const navigate = useNavigate();
	const [typed, setTyped] = useState('');
	const words = typed.trim().toLowerCase();
	const fits = (label: string) => label.toLowerCase().includes(words);
	const found = useFound(typed.trim(), searches);
	const actions = useOfferedActions().filter(({ label, detail = '' }) =>
		fits(`${label} ${detail}`),
	);
	const openPages = pages.filter(({ title }) => fits(title));
	const open = (href: string) => void navigate({ href });
	useEffect(() => {
		if (opened) spotlight.open();
		else spotlight.close();
	}, [opened]);

	return (
		<Spotlight.Root
			query={typed}
			onQueryChange={setTyped}
			store={store}
			onSpotlightClose={() => onOpen(false)}
			shortcut={null}
			clearQueryOnClose
			maxHeight={440}
			scrollable
			overlayProps={{ blur: 0 }}
			transitionProps={{ duration: 0 }}
			classNames={{ content: classes.content }}
			attributes={{ content: { 'aria-label': text('palette') } }}
		>
			<Spotlight.Search
				placeholder={text('palettePlaceholder')}
				aria-label={text('findAnything')}
				leftSection={<IconSearch size={18} stroke={1.7} />}
			/>
			<Spotlight.ActionsList>
				{openPages.length > 0 ? (
					<Spotlight.ActionsGroup label={text('navigation')}>
						{openPages.map(({ path, title, icon }) => (
							<Line key={path} label={title} icon={icon} onRun={() => open(path)} />
						))}
					</Spotlight.ActionsGroup>
				) : null}
				{found.groups.map(({ key, title, icon, hits }) => (
					<Spotlight.ActionsGroup key={key} label={title}>
						{hits.map((hit) => (
							<Line
								key={hit.key}
								label={hit.label}
								detail={hit.detail}
								icon={icon}
								onRun={() => open(hit.href)}
							/>
						))}
					</Spotlight.ActionsGroup>
				))}
				{actions.length > 0 ? (
					<Spotlight.ActionsGroup label={text('paletteActions')}>
						{actions.map(({ key, label, detail, icon, run }) => (
							<Line
								key={key}
								label={label}
								icon={icon}
								onRun={run}
								{...(detail !== undefined && { detail })}
							/>
						))}
					</Spotlight.ActionsGroup>
				) : null}
				{found.words === '' &&
				openPages.length + actions.length + found.groups.length > 0 ? null : (
					<Spotlight.Empty>{found.words || text('paletteNothing')}</Spotlight.Empty>
				)}
			</Spotlight.ActionsList>
		</Spotlight.Root>
	);
}

/** What the server finds of a text; `words` say what is amiss or under way. */
function useFound(typed: string, all: readonly PaletteSearch[]) {
	const { role } = useSession();
	const [asked] = useDebouncedValue(typed, pauseMs);
	const isAsked = asked.length >= shortestSearch;
	const searches = all.filter(({ admits }) => admits.includes(role));
	const answers = useQueries({
		queries: searches.map(({ key, find }) => ({
			queryKey: ['palette', key, asked],
			queryFn: ({ signal }: { signal: AbortSignal }) => find(asked, signal),
			enabled: isAsked,
		})),
	});
	const groups = searches.flatMap((search, place) => {
		const hits = isAsked ? (answers[place]?.data ?? []) : [];
		return hits.length > 0 ? [{ ...search, hits }] : [];
	});
	const failed = answers.find(({ error }) => error !== null)?.error;
	const isPending = isAsked && answers.some((answer) => answer.isPending);
	return {
		groups,
		words: failed
			? text('paletteFailed', { reason: failed.message })
			: isPending
				? text('paletteSearching')
				: '',
	};
}

interface LineProps {
	readonly label: string;
	readonly detail?: string;
	readonly icon: Icon;
	readonly onRun: () => void;
}

function Line({ label, detail, icon: LineIcon, onRun }: LineProps) {
	return (
		<Spotlight.Action
			label={label}
			leftSection={<LineIcon size={18} stroke={1.6} aria-hidden />}
			onClick={onRun}
			classNames={{ action: classes.action }}
			{...(detail !== undefined && { description: detail })}
		/>
	);
}
