import type { AnyEndpoint } from '#contract/endpoint.ts';
import type { Topic } from '#contract/topic.ts';

/** Everything that the modules' contracts declare. */
const declared = Object.values(
	import.meta.glob<Record<string, unknown>>('../../src/modules/*/contract.ts', { eager: true }),
).flatMap((contract) => Object.values(contract));

/** Every declared endpoint, by path and method. */
export const endpoints: readonly AnyEndpoint[] = declared
	.filter(isEndpoint)
	.sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));

/** Every declared live topic, by name. */
export const topics: readonly Topic[] = declared
	.filter(isTopic)
	.sort((a, b) => a.name.localeCompare(b.name));

function isEndpoint(value: unknown): value is AnyEndpoint {
	return typeof value === 'object' && value !== null && 'admits' in value && 'path' in value;
}

function isTopic(value: unknown): value is Topic {
	return typeof value === 'object' && value !== null && 'admits' in value && 'message' in value;
}
