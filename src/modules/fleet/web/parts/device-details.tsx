import { transportLabels } from '#contract/family.ts';
import { useRegion } from '#web/text/region.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Tile, Tiles } from '#web/ui/tile.tsx';
import type { FleetRow } from '../../contract.ts';
import { isEngine, isStale, knownSignal, knownSpeedKmh, runStateText } from '../telemetry.ts';
import { text } from '../text.ts';
import classes from './device-details.module.css';

interface DeviceDetailsProps {
	readonly row: FleetRow;
}

/** Live values large, then everything else that is known of the device and what it is fitted to. */
export function DeviceDetails({ row }: DeviceDetailsProps) {
	const region = useRegion();
	const number = (value: number | null, decimals = 0) =>
		value === null ? null : region.number(value, decimals);
	const signal = number(knownSignal(row));
	return (
		<div className={classes.details}>
			<div data-stale={isStale(row) || undefined} className={classes.tiles}>
				{isEngine(row) ? (
					<Tiles>
						<Tile label={text('battery')} value={number(row.batteryV, 1)} unit={text('unitVolt')} />
						<Tile
							label={text('engine')}
							value={number(row.engineTempC)}
							unit={text('unitCelsius')}
						/>
						<Tile
							label={text('runState')}
							value={row.runState === null ? null : runStateText(row.runState)}
						/>
						<Tile
							label={text('runHours')}
							value={number(row.totalHours, 1)}
							unit={text('unitHour')}
						/>
						<Tile label={text('energy')} value={number(row.totalKwh)} unit={text('unitEnergy')} />
						<Tile label={text('signalTile')} value={signal} unit={text('unitSignal')} />
					</Tiles>
				) : (
					<Tiles>
						<Tile label={text('soc')} value={number(row.socPct)} unit={text('unitPercent')} />
						<Tile label={text('rangeTile')} value={number(row.rangeKm)} unit={text('unitKm')} />
						<Tile
							label={text('speedTile')}
							value={number(knownSpeedKmh(row))}
							unit={text('unitSpeed')}
						/>
					</Tiles>
				)}
			</div>
			<FactList>
				<Fact label={text('lastHeard')}>
					<Data
						value={row.lastHeardAtMs === null ? text('never') : region.instant(row.lastHeardAtMs)}
					/>
				</Fact>
				{row.clockWrong ? <Fact label={text('clock')}>{text('clockWrongFact')}</Fact> : null}
				<Fact label={text('ignition')}>{yesNo(row.ignition, 'on', 'off')}</Fact>
				{isEngine(row) ? null : (
					<>
						<Fact label={text('charging')}>{yesNo(row.charging, 'yes', 'no')}</Fact>
						<Fact label={text('odometerFact')}>
							<Data
								value={
									row.odometerKm === null
										? null
										: text('kilometres', { value: region.number(row.odometerKm, 1) })
								}
							/>
						</Fact>
						<Fact label={text('batteryFact')}>
							<Data
								value={
									row.batteryV === null
										? null
										: text('volts', { value: region.number(row.batteryV, 1) })
								}
							/>
						</Fact>
						<Fact label={text('signal')}>
							<Data value={signal === null ? null : `${signal} ${text('unitSignal')}`} />
						</Fact>
					</>
				)}
				<Fact label={text('firmware')}>
					<Data value={row.firmware} />
				</Fact>
				<Fact label={text('position')}>
					<Data value={positionText(row)} />
				</Fact>
				<Fact label={text('city')}>{row.customerCity ?? text('none')}</Fact>
				<Fact label={text('customer')}>{row.customerName ?? text('none')}</Fact>
				<Fact label={text('dealer')}>{row.dealerName ?? text('none')}</Fact>
				<Fact label={text('registration')}>
					<Data value={row.registrationNo} />
				</Fact>
				<Fact label={text('deviceId')}>
					<Data value={row.deviceId} />
				</Fact>
				<Fact label={text('telematicsId')}>
					<Data value={row.telematicsId} />
				</Fact>
				<Fact label={text('communication')}>
					{row.transport === null ? text('none') : transportLabels[row.transport]}
				</Fact>
			</FactList>
		</div>
	);
}

function yesNo(value: boolean | null, yes: 'on' | 'yes', no: 'off' | 'no'): string {
	if (value === null) return text('none');
	return text(value ? yes : no);
}

/** Degrees to five decimals, about a metre. */
function positionText({ lat, lon }: FleetRow): string | null {
	return lat === null || lon === null ? null : `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}
