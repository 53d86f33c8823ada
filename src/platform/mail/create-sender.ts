import { join } from 'node:path';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import { createFolderCarrier } from './folder-carrier.ts';
import { MailSender } from './sender.ts';
import { createSmtpCarrier, type SmtpSettings } from './smtp-carrier.ts';

export interface MailOptions {
	readonly database: Database;
	/** Null: mails are kept. */
	readonly smtp: SmtpSettings | null;
	readonly dataDir: string;
	readonly log: Log;
	readonly intervalMs?: number;
}

/** Makes the sender of what is in the outbox: by SMTP where there is a server, else into a folder. */
export function createMailSender({ smtp, dataDir, ...options }: MailOptions): MailSender {
	const folder = createFolderCarrier(join(dataDir, 'outbox'));
	const carrier = smtp === null ? folder : createSmtpCarrier(smtp);
	return new MailSender({ ...options, carrier, forget: folder.forget });
}
