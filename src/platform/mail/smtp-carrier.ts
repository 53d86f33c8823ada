import { createTransport, type Transporter } from 'nodemailer';
import { type MailCarrier, MailRefusal, type OutgoingMail } from './carrier.ts';
import { mimeOf } from './mime.ts';

const connectionPatienceMs = 10_000;
const silencePatienceMs = 30_000;

export interface SmtpSettings {
	/** `smtp://` or `smtps://`, with nodemailer's options as parameters. */
	readonly smtpUrl: string;
	/** E-mail address from which mails come; the name beside it is the organization's. */
	readonly senderAddress: string;
}

/** Refusals that say something about the server or the settings, and nothing about the mail. */
const concernsAll = new Set([
	'EAUTH',
	'ECONNECTION',
	'EDNS',
	'ENOAUTH',
	'EPROTOCOL',
	'ESOCKET',
	'ETIMEDOUT',
	'ETLS',
]);

/**
 * Carries mails to an SMTP server: over TLS where it is offered, and always where a password goes along, unless the
 * server is this machine.
 */
export function createSmtpCarrier({ smtpUrl, senderAddress }: SmtpSettings): MailCarrier {
	const { username, hostname } = new URL(smtpUrl);
	const transport = createTransport({
		url: smtpUrl,
		...(username !== '' && !isLoopback(hostname) && { requireTLS: true }),
		connectionTimeout: connectionPatienceMs,
		greetingTimeout: connectionPatienceMs,
		socketTimeout: silencePatienceMs,
		dnsTimeout: connectionPatienceMs,
	});
	return {
		outcome: 'sent',
		carry: (mail) => send(transport, mail, senderAddress),
	};
}

function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

async function send(
	transport: Transporter,
	mail: OutgoingMail,
	senderAddress: string,
): Promise<void> {
	try {
		await transport.sendMail(mimeOf(mail, senderAddress));
	} catch (error) {
		throw refusalOf(error);
	}
}

/** A reply of the 500s to the mail itself is the last word (RFC 5321, 4.2.1); anything else may pass. */
function refusalOf(error: unknown): MailRefusal {
	if (!(error instanceof Error)) throw error;
	const code = 'code' in error ? String(error.code) : 'UNKNOWN';
	const reply = 'responseCode' in error ? Number(error.responseCode) : null;
	const isOfServer = concernsAll.has(code);
	return new MailRefusal(error.message, {
		isFinal: !isOfServer && reply !== null && reply >= 500,
		concernsAll: isOfServer,
		code: reply === null ? code : `${code} ${reply}`,
	});
}
