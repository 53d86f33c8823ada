import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { countryName } from '#contract/country.ts';
import { call } from '#web/api/call.ts';
import { useRegion } from '#web/text/region.tsx';
import { gazetteerSource, type Place, searchPlaces } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './place-search.module.css';

const pauseMs = 200;
const fewestLetters = 2;

interface PlaceSearchProps {
	readonly onChoose: (place: Place) => void;
	/** The form begins with this field. */
	readonly isFirst: boolean;
}

/** Finds a place of the world by its name. */
export function PlaceSearch({ onChoose, isFirst }: PlaceSearchProps) {
	const region = useRegion();
	const [typed, setTyped] = useState('');
	const [asked] = useDebouncedValue(typed.trim(), pauseMs);
	// Asked before anything is typed, so that the places are at hand when it is.
	const { data, error, isFetching } = useQuery({
		queryKey: ['places', asked],
		queryFn: ({ signal }) => call(searchPlaces, { query: { q: asked } }, signal),
		placeholderData: keepPreviousData,
		staleTime: Number.POSITIVE_INFINITY,
	});
	const places = typed.trim().length < fewestLetters ? [] : (data?.places ?? []);

	function nothingFound(): string {
		if (error !== null) return text('findFault', { reason: error.message });
		if (typed.trim().length < fewestLetters) return text('findMore');
		return text(isFetching || asked !== typed.trim() ? 'findPending' : 'findNothing');
	}

	return (
		<div className={classes.search}>
			<Select
				label={text('find')}
				description={text('findHelp')}
				placeholder={text('findPlaceholder')}
				{...(isFirst && { 'data-autofocus': true })}
				data={places.map((place, number) => ({
					value: String(number),
					label: text('placeLine', { name: place.name, country: countryName(place.country) }),
				}))}
				renderOption={({ option }) => {
					const place = places[Number(option.value)];
					return (
						<span className={classes.option}>
							<bdi>{option.label}</bdi>
							<span className={classes.population}>
								{place === undefined || place.population === 0
									? null
									: text('population', { count: region.number(place.population) })}
							</span>
						</span>
					);
				}}
				// The server has chosen and ordered them.
				filter={({ options }) => options}
				value={null}
				searchable
				openOnFocus={false}
				rightSection={null}
				withScrollArea={false}
				classNames={{ options: classes.options }}
				nothingFoundMessage={nothingFound()}
				searchValue={typed}
				onSearchChange={setTyped}
				comboboxProps={{ zIndex: 350 }}
				onChange={(number) => {
					const place = number === null ? undefined : places[Number(number)];
					if (place === undefined) return;
					onChoose(place);
					setTyped('');
				}}
			/>
			<p className={classes.source}>
				{text('placesBy')}{' '}
				<a href={gazetteerSource.href} target="_blank" rel="noreferrer">
					{gazetteerSource.name}
				</a>
				, {text('licence')}
			</p>
		</div>
	);
}
