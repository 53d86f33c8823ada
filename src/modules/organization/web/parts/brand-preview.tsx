import { builtInColour, initialOf } from '#contract/brand.ts';
import { brandColours } from '#contract/brand-colours.ts';
import { contrastOf } from '#contract/oklch.ts';
import { useRegion } from '#web/text/region.tsx';
import { text } from '../text.ts';
import classes from './brand-preview.module.css';

/** Panels of the two schemes, as in `theme/tokens.css`; both are shown whichever is on. */
const panels = {
	light: { panel: '#ffffff', words: '#0b1116' },
	dark: { panel: '#151b23', words: '#e6ebf0' },
} as const;
const schemeNames = { light: text('previewLight'), dark: text('previewDark') };

interface BrandPreviewProps {
	readonly name: string;
	readonly colour: string | null;
	/** Address of its image. */
	readonly logo: string | null;
}

/** What follows from a brand's colour in both schemes, with the contrast that is reached. */
export function BrandPreview({ name, colour, logo }: BrandPreviewProps) {
	const region = useRegion();
	const colours = brandColours(colour ?? builtInColour);
	const ratio = (one: string, other: string) =>
		text('contrast', { ratio: region.number(contrastOf(one, other), 1) });
	return (
		<section className={classes.preview} aria-label={text('preview')}>
			<div className={classes.ramp} aria-hidden>
				{colours.ramp.map((shade) => (
					<span key={shade} style={{ background: shade }} />
				))}
			</div>
			<div className={classes.panels}>
				{(['light', 'dark'] as const).map((scheme) => {
					const { panel, words } = panels[scheme];
					const { accent } = colours[scheme];
					return (
						<div key={scheme} className={classes.panel} style={{ background: panel, color: words }}>
							<span className={classes.head}>
								{logo === null ? (
									<span
										className={classes.mark}
										style={{ background: colours.raw, color: colours.onRaw }}
										aria-hidden
									>
										{initialOf(name)}
									</span>
								) : (
									<img className={classes.mark} src={logo} alt="" />
								)}
								{schemeNames[scheme]}
							</span>
							<span className={classes.sample}>
								<span className={classes.button} style={{ background: colours.fill }}>
									{text('previewButton')}
								</span>
								{ratio(colours.fill, '#ffffff')}
							</span>
							<span className={classes.sample}>
								<span className={classes.link} style={{ color: accent }}>
									{text('previewLink')}
								</span>
								{ratio(accent, panel)}
							</span>
						</div>
					);
				})}
			</div>
			<p className={classes.help}>{text('contrastHelp')}</p>
		</section>
	);
}
