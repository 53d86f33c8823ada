/** What a message is about: readings, or the answer to a command. */
export type MessageContent =
	| { readonly kind: 'telemetry' }
	| { readonly kind: 'command_result'; readonly commandId: string };

export const telemetry: MessageContent = { kind: 'telemetry' };

/**
 * A message of an authenticated device on its way in. The edge has turned whatever the device speaks into the native
 * body (`docs/protocols/native.md`); nothing behind the edge knows the protocol.
 */
export interface DeviceMessage {
	readonly deviceNo: number;
	readonly content: MessageContent;
	/** Where it arrived, for people who look at parked messages. */
	readonly topic: string;
	/** JSON: one reading or an array of readings; of an answer one object. */
	readonly body: Buffer;
	readonly receivedAtMs: number;
	/** The parked message of which this is the replay; the commit that settles it takes that one away. */
	readonly parkedNo?: number;
	/**
	 * Whether the sender has gone without an acknowledgement and will send the message again; such a message is
	 * skipped when its batch has not begun.
	 */
	isAbandoned(): boolean;
	/** Called once, after the commit (or when it was skipped): the edge acknowledges now. */
	acknowledge(): void;
}

/** What people changed about a device: its lane forgets what it knew. */
export interface DeviceChange {
	readonly deviceNo: number;
	/** Called when the lane has taken notice. */
	done(): void;
}

export type BusEntry =
	| { readonly type: 'message'; readonly message: DeviceMessage }
	| { readonly type: 'change'; readonly change: DeviceChange };
