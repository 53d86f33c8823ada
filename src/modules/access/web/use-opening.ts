import { useState } from 'react';

/** A dialog that begins anew each time it is opened. */
export interface Opening {
	/** Key of the dialog's element: another one with each opening. */
	readonly key: number;
	readonly isOpen: boolean;
	open(): void;
	close(): void;
}

export function useOpening(): Opening {
	const [key, setKey] = useState(0);
	const [isOpen, setIsOpen] = useState(false);
	return {
		key,
		isOpen,
		open() {
			setKey((last) => last + 1);
			setIsOpen(true);
		},
		close: () => setIsOpen(false),
	};
}
