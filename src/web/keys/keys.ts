/** One key that does something on the page that is open. */
export interface KeyBinding {
	/** As `KeyboardEvent.key` writes it; letters in any case. */
	readonly key: string;
	/** What it does, for the list of keys. */
	readonly what: string;
	readonly run: () => void;
}

/** Keys that pages offer, the newest first. */
const offered: (readonly KeyBinding[])[] = [];
const listeners = new Set<() => void>();
const storageKey = 'single-keys';
let all: readonly KeyBinding[] = [];

function changed(): void {
	all = offered.flat();
	for (const listener of listeners) listener();
}

/** Offers keys until the returned function is called. Where two offer the same key, the newer has it. */
export function offerKeys(bindings: readonly KeyBinding[]): () => void {
	offered.unshift(bindings);
	changed();
	return () => {
		offered.splice(offered.indexOf(bindings), 1);
		changed();
	};
}

/** The keys that are offered now. */
export function offeredKeys(): readonly KeyBinding[] {
	return all;
}

export function onKeysChanged(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/** WCAG 2.1.4: keys of one character can be switched off, since speech input may press them by mistake. */
export function areSingleKeysOn(): boolean {
	return localStorage.getItem(storageKey) !== 'off';
}

export function switchSingleKeys(isOn: boolean): void {
	if (isOn) localStorage.removeItem(storageKey);
	else localStorage.setItem(storageKey, 'off');
	changed();
}

/** Runs what a key press means, unless somebody is typing or a dialog is open. */
export function pressKey(event: KeyboardEvent): void {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
	const { target } = event;
	if (target instanceof Element && target.closest(typing) !== null) return;
	// The space key first of all presses the button that has the focus.
	if (event.key === ' ' && target instanceof Element && target.closest(pressable) !== null) return;
	if (event.key.length === 1 && !areSingleKeysOn()) return;
	const pressed = event.key.toLowerCase();
	const binding = all.find((each) => each.key.toLowerCase() === pressed);
	if (binding === undefined) return;
	event.preventDefault();
	binding.run();
}

const typing =
	'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]';
const pressable = 'button, a, input:not([type=range]), summary, [role=button], [role=tab]';
