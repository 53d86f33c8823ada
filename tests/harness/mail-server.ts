import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail extends Email {
	readonly from: NonNullable<Email['from']>;
	/** As it came over the wire. */
	readonly raw: string;
	readonly recipient: string;
	/** Whether the connection was encrypted when it came. */
	readonly isSecure: boolean;
	/** Who signed in, or null. */
	readonly user: string | null;
}

export interface TestMailServerOptions {
	/** TLS from the first byte, as with `smtps://`. */
	readonly secure?: boolean;
	readonly offersStartTls?: boolean;
	readonly credentials?: { readonly user: string; readonly password: string };
}

/** An SMTP server on loopback that keeps what it takes. */
export interface TestMailServer {
	readonly port: number;
	readonly mails: readonly ReceivedMail[];
	/** How many mails it was offered, taken or not. */
	readonly offers: number;
	/** Code with which it refuses every mail from now on; null: it takes them. */
	refuseWith(code: number | null): void;
	/** Ends it, and every connection. */
	stop(): Promise<void>;
}

export async function startMailServer(
	options: TestMailServerOptions = {},
): Promise<TestMailServer> {
	const mails: ReceivedMail[] = [];
	let refusal: number | null = null;
	let offers = 0;
	const { secure = false, offersStartTls = false, credentials } = options;
	const server = new SMTPServer({
		secure,
		disabledCommands: [
			...(offersStartTls || secure ? [] : ['STARTTLS']),
			...(credentials === undefined ? ['AUTH'] : []),
		],
		authOptional: credentials === undefined,
		disableReverseLookup: true,
		closeTimeout: 100,
		onAuth({ username, password }, _session, done) {
			if (username === credentials?.user && password === credentials?.password)
				done(null, { user: username });
			else done(new Error('wrong user or password'));
		},
		onData(stream, session, done) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', async () => {
				offers += 1;
				if (refusal !== null)
					return done(Object.assign(new Error('not now'), { responseCode: refusal }));
				const raw = Buffer.concat(chunks);
				const { from, ...mail } = await PostalMime.parse(raw);
				if (from === undefined) return done(new Error('no sender'));
				mails.push({
					...mail,
					from,
					raw: raw.toString(),
					recipient: session.envelope.rcptTo[0]?.address ?? '',
					isSecure: session.secure,
					user: session.user ?? null,
				});
				done();
			});
		},
	});
	const { promise, resolve } = Promise.withResolvers<void>();
	const listening = server.listen(0, '127.0.0.1', resolve);
	await promise;
	const address = listening.address();
	if (!isInfo(address)) throw new Error('no port');
	// A client that goes away in between is none of its business.
	server.on('error', () => {});
	return {
		port: address.port,
		mails,
		get offers() {
			return offers;
		},
		refuseWith(code) {
			refusal = code;
		},
		stop: () => new Promise((stopped) => server.close(stopped)),
	};
}

function isInfo(address: string | AddressInfo | null): address is AddressInfo {
	return typeof address === 'object' && address !== null;
}

/** The first link in the text of a mail. */
export function linkIn(mail: { readonly text?: string }): string {
	const link = /^https?:\/\/\S+$/m.exec(mail.text ?? '')?.[0];
	if (link === undefined) throw new Error(`no link in ${mail.text}`);
	return link;
}
