import { Skeleton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { DeviceWord } from '#contract/device-condition.ts';
import { familySettings, type SettingName, settingOf } from '#contract/device-settings.ts';
import type { DeviceIdentity } from '#web/device-offer.ts';
import { useTopic } from '#web/live/feed.tsx';
import { useSession } from '#web/session/session.ts';
import { useRegion } from '#web/text/region.tsx';
import { Age } from '#web/ui/age.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { GuardedButton } from '#web/ui/guarded-button.tsx';
import { LiveValue } from '#web/ui/live-value.tsx';
import { LoadFault } from '#web/ui/load-fault.tsx';
import { useWhyNot } from '#web/use-why-not.ts';
import {
	changeSettings,
	deviceCommandsTopic,
	forbidding,
	type HeldSetting,
	type HeldSettings,
} from '../contract.ts';
import { settingsQuery } from './queries.ts';
import { settingWords } from './setting-words.ts';
import classes from './settings-section.module.css';
import { unsafeText } from './state-words.ts';
import { text } from './text.ts';

const SettingsDrawer = lazy(() => import('./settings-drawer.tsx'));

interface SettingsSectionProps {
	readonly device: DeviceIdentity;
	readonly word: DeviceWord;
}

/** What an engine controller is set to, by its own word or by what was written to it, and the way to change it. */
export default function SettingsSection({ device, word }: SettingsSectionProps) {
	const { deviceId, family } = device;
	const { role } = useSession();
	const queryClient = useQueryClient();
	const [editing, setEditing] = useState<Editing | null>(null);
	const query = settingsQuery(deviceId);
	const { data: held, error, refetch } = useQuery(query);
	useTopic(deviceCommandsTopic, { deviceId }, () => {
		void queryClient.invalidateQueries({ queryKey: query.queryKey });
	});
	const reason = useWhyNot(word, (condition) =>
		unsafeText(changeSettings, forbidding(changeSettings.interlocks, condition)),
	);

	if (held === undefined && error !== null)
		return <LoadFault error={error} onRetry={() => void refetch()} />;
	if (held === undefined) return <Skeleton height={120} aria-busy />;
	return (
		<div className={classes.settings}>
			<FactList>
				{familySettings[family].map((name) => (
					<Fact key={name} label={settingOf(name).label}>
						<Held name={name} setting={held[name]} />
					</Fact>
				))}
			</FactList>
			{changeSettings.admits.includes(role) ? (
				<GuardedButton
					reason={reason}
					leftSection={<IconPencil size={16} stroke={1.7} aria-hidden />}
					aria-haspopup="dialog"
					onClick={() => setEditing({ held, time: Date.now(), isOpen: true })}
				>
					{text('change')}
				</GuardedButton>
			) : null}
			{editing === null ? null : (
				<Suspense>
					<SettingsDrawer
						key={editing.time}
						device={device}
						held={editing.held}
						opened={editing.isOpen}
						onClose={() => setEditing({ ...editing, isOpen: false })}
					/>
				</Suspense>
			)}
		</div>
	);
}

/** The form that is open, or was last, with what the device had when it was opened. */
interface Editing {
	readonly held: HeldSettings;
	readonly time: number;
	readonly isOpen: boolean;
}

interface HeldProps {
	readonly name: SettingName;
	readonly setting: HeldSetting | undefined;
}

function Held({ name, setting }: HeldProps) {
	const region = useRegion();
	if (setting === undefined)
		return <span className={classes.source}>{text('unknownSetting')}</span>;
	const { value, source, atMs } = setting;
	return (
		<span className={classes.held}>
			<LiveValue value={value}>{settingWords(name, value, region)}</LiveValue>
			<span className={classes.source}>
				{text(source)} <Age atMs={atMs} />
			</span>
		</span>
	);
}
