import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailCarrier } from './carrier.ts';
import { mimeOf } from './mime.ts';

/** Nobody can answer a mail that never left this machine. */
const senderAddress = 'portal@localhost';

export interface FolderCarrier extends MailCarrier {
	/** Deletes the files of mails that say nothing valid any more. */
	forget(mailNos: readonly number[]): Promise<void>;
}

/**
 * Keeps mails as files that mail programs open, one for each, readable by the server's own account alone. For
 * installations without an SMTP server.
 */
export function createFolderCarrier(folder: string): FolderCarrier {
	const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
	const fileOf = (mailNo: number) => join(folder, `${mailNo}.eml`);
	return {
		outcome: 'kept',
		async carry(mail) {
			const { message } = await transport.sendMail(mimeOf(mail, senderAddress));
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const file = fileOf(mail.mailNo);
			await writeFile(`${file}.part`, message, { mode: 0o600 });
			await rename(`${file}.part`, file);
		},
		async forget(mailNos) {
			for (const mailNo of mailNos) await rm(fileOf(mailNo), { force: true });
		},
	};
}
