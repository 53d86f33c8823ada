import type { SendMailOptions } from 'nodemailer';
import type { OutgoingMail } from './carrier.ts';

/** A mail as nodemailer writes it: one part for those who read text, one for those who see HTML. */
export function mimeOf(mail: OutgoingMail, senderAddress: string): SendMailOptions {
	const domain = senderAddress.slice(senderAddress.lastIndexOf('@') + 1);
	return {
		from: { name: mail.senderName, address: senderAddress },
		to: { name: '', address: mail.recipient },
		subject: mail.subject,
		text: mail.text,
		html: mail.html,
		date: mail.createdAt,
		messageId: `<${mail.messageId}@${domain}>`,
		// Nobody answers it by itself (RFC 3834).
		headers: { 'Auto-Submitted': 'auto-generated' },
		xMailer: false,
		disableFileAccess: true,
		disableUrlAccess: true,
	};
}
