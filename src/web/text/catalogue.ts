type NamesIn<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
	? Name | NamesIn<Rest>
	: never;

type ParametersOf<Message extends string> = [NamesIn<Message>] extends [never]
	? []
	: [parameters: Readonly<Record<NamesIn<Message>, string | number>>];

/**
 * Makes the typed lookup of one room's messages. `{name}` in a message is replaced; the compiler asks for exactly the
 * names that the message has. Every visible string goes through such a lookup, so that a language is a set of
 * catalogues and nothing else.
 */
export function catalogue<const Messages extends Readonly<Record<string, string>>>(
	messages: Messages,
) {
	return function text<Key extends keyof Messages & string>(
		key: Key,
		...[parameters]: ParametersOf<Messages[Key]>
	): string {
		const values: Readonly<Record<string, string | number>> = parameters ?? {};
		const message: string = messages[key] ?? key;
		return message.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
	};
}
