import { conditionAt, type DeviceCondition, type DeviceWord } from '#contract/device-condition.ts';
import { serverNowMs } from './clock/server-clock.ts';
import { useEverySecond } from './clock/use-every-second.ts';

/** Why something is not safe with a device now; null when it is. Silence changes it as well as what the device says. */
export function useWhyNot(
	word: DeviceWord,
	whyNot: ((condition: DeviceCondition) => string | null) | undefined,
): string | null {
	const reason = useEverySecond(() => whyNot?.(conditionAt(word, serverNowMs())) ?? '');
	return reason === '' ? null : reason;
}
