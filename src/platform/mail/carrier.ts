/** A mail as it goes out. */
export interface OutgoingMail {
	readonly mailNo: number;
	/** UUID by which receivers know it, the same at every attempt. */
	readonly messageId: string;
	/** Whose portal writes; the address is the installation's. */
	readonly senderName: string;
	readonly recipient: string;
	readonly subject: string;
	readonly text: string;
	readonly html: string;
	readonly createdAt: Date;
}

/** Takes mails to where they are read: to an SMTP server, or to a folder. */
export interface MailCarrier {
	/** What a mail is once it was carried. */
	readonly outcome: 'sent' | 'kept';
	/** @throws MailRefusal when it was not taken, and whether another attempt may succeed */
	carry(mail: OutgoingMail): Promise<void>;
}

/** Why a mail was not taken. The message is for the Admins of its organization: it may name the recipient. */
export class MailRefusal extends Error {
	/** No other attempt will succeed. */
	readonly isFinal: boolean;
	/** Nothing is taken at the moment, whatever mail. */
	readonly concernsAll: boolean;
	/** What may be logged: codes that name nobody. */
	readonly code: string;

	constructor(
		message: string,
		facts: {
			readonly isFinal: boolean;
			readonly concernsAll: boolean;
			readonly code: string;
		},
	) {
		super(message);
		this.name = 'MailRefusal';
		this.isFinal = facts.isFinal;
		this.concernsAll = facts.concernsAll;
		this.code = facts.code;
	}
}
