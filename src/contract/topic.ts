import type { z } from 'zod';
import type { Role } from './roles.ts';

/** Something a page can watch over the WebSocket: who may, with which parameters, and what it receives. */
export interface Topic<
	Params extends z.ZodType = z.ZodType,
	Message extends z.ZodType = z.ZodType,
> {
	readonly name: string;
	readonly admits: readonly Role[];
	readonly params: Params;
	readonly message: Message;
}

/** Declares one topic; server checks and browser types come from this declaration. */
export function topic<Params extends z.ZodType, Message extends z.ZodType>(
	declaration: Topic<Params, Message>,
): Topic<Params, Message> {
	return declaration;
}
