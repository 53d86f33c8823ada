import { useShowSecret } from '#web/ui/secret-window.tsx';
import { text } from '../text.ts';

/** A key that was just made. */
export interface IssuedKey {
	readonly deviceId: string;
	readonly key: string;
	/** What became of the key before, if there was one. */
	readonly note: string | null;
}

/** Shows a device's key, once. */
export function useShowKey(): (issued: IssuedKey) => void {
	const show = useShowSecret();
	return ({ deviceId, key, note }) =>
		show({
			title: text('keyTitle', { deviceId }),
			sentence: text('keyOnce'),
			secret: key,
			what: text('theKey'),
			note,
			noted: text('keyNoted'),
		});
}
