import { numberText } from '#web/text/number.ts';
import { useRegion } from '#web/text/region.tsx';
import { Card } from '#web/ui/card.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { logoPath, optionalModules } from '../../contract.ts';
import type { OwnOrganization } from '../queries.ts';
import { text } from '../text.ts';
import { BrandPreview } from './brand-preview.tsx';
import { countryName, currencyName, numberSample } from './region-choices.ts';
import classes from './settings-view.module.css';

interface SettingsViewProps {
	readonly organization: OwnOrganization;
}

/** Everything that the organization is set to. */
export function SettingsView({ organization }: SettingsViewProps) {
	const region = useRegion();
	const { name, colour, logo, timeZone, country, locale, currency, hosts } = organization;
	const { supportName, supportEmail, supportPhone, modules } = organization;
	return (
		<div className={classes.cards}>
			<Card title={text('brand')}>
				<FactList>
					<Fact label={text('name')}>{name}</Fact>
					<Fact label={text('logo')}>{text(logo === null ? 'noLogo' : 'hasLogo')}</Fact>
					<Fact label={text('colour')}>
						<bdi>{colour ?? text('builtInColour')}</bdi>
					</Fact>
					<Fact label={text('hosts')}>
						<bdi>{hosts.length === 0 ? text('anyHost') : hosts.join(', ')}</bdi>
					</Fact>
				</FactList>
				<BrandPreview name={name} colour={colour} logo={logo === null ? null : logoPath(logo)} />
			</Card>
			<Card title={text('region')}>
				<FactList>
					<Fact label={text('timeZone')}>
						<bdi>{timeZone}</bdi>
					</Fact>
					<Fact label={text('country')}>{countryName(country)}</Fact>
					<Fact label={text('locale')}>
						<bdi>{numberText(numberSample, locale, 1)}</bdi>
					</Fact>
					<Fact label={text('currency')}>
						{currency === null ? text('none') : currencyName(currency)}
					</Fact>
				</FactList>
				<p className={classes.help}>{text('now', { instant: region.instant(Date.now()) })}</p>
			</Card>
			<Card title={text('support')}>
				<FactList>
					<Fact label={text('supportName')}>{supportName ?? text('none')}</Fact>
					<Fact label={text('supportEmail')}>
						<bdi>{supportEmail ?? text('none')}</bdi>
					</Fact>
					<Fact label={text('supportPhone')}>
						<bdi>{supportPhone ?? text('none')}</bdi>
					</Fact>
				</FactList>
				<p className={classes.help}>{text('supportHelp')}</p>
			</Card>
			<Card title={text('modules')}>
				<FactList>
					{optionalModules.map((module) => (
						<Fact key={module} label={text(module)}>
							{text(modules.includes(module) ? 'on' : 'off')}
						</Fact>
					))}
				</FactList>
				<p className={classes.help}>{text('modulesHelp')}</p>
			</Card>
		</div>
	);
}
