import { z } from 'zod';

/** What comes with a command: JSON. */
export type CommandValue = z.core.util.JSONType;

/** What a device hears on its command topic (native protocol, `docs/protocols/native.md`). */
export const commandMessageSchema = z.object({
	commandId: z.string(),
	name: z.string(),
	value: z.json().optional(),
	/** RFC 3339; from then on the device must not do it any more. */
	expiresAt: z.iso.datetime(),
});
export type CommandMessage = z.infer<typeof commandMessageSchema>;

/** What a device may say about a command. The last three are final. */
export const resultStatuses = ['ACCEPTED', 'DONE', 'REFUSED', 'FAILED'] as const;
export type ResultStatus = (typeof resultStatuses)[number];

export const maxReasonLength = 256;

/** What a device says on a command's result topic. A longer reason is cut. */
export const resultMessageSchema = z.object({
	status: z.enum(resultStatuses),
	reason: z.string().nullish(),
});
export type ResultMessage = z.infer<typeof resultMessageSchema>;
