import { notifications } from '@mantine/notifications';
import { text } from './text.ts';

const closeButtonProps = { 'aria-label': text('close') };

/** Tells what did not work; stays until it is closed. */
export function toastFault(message: string): void {
	notifications.show({ message, color: 'red', autoClose: false, closeButtonProps });
}

/** Tells what was done; goes by itself. */
export function toastDone(message: string): void {
	notifications.show({ message, color: 'green', autoClose: 5_000, closeButtonProps });
}
