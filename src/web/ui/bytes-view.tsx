import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { hexDump } from '#web/text/hex-dump.ts';
import classes from './bytes-view.module.css';
import { CopyButton } from './copy-button.tsx';
import { text } from './text.ts';

interface BytesViewProps {
	readonly bytes: Uint8Array;
	/** What the bytes are, as it reads after "Copy". */
	readonly what: string;
	/** Beside what switches the view. */
	readonly aside?: ReactNode;
}

/** Bytes that a device sent, as text or hexadecimal. */
export function BytesView({ bytes, what, aside }: BytesViewProps) {
	const [form, setForm] = useState('text');
	const shown = form === 'hex' ? hexDump(bytes) : new TextDecoder().decode(bytes);
	return (
		<div className={classes.view}>
			<div className={classes.bar}>
				<SegmentedControl
					size="xs"
					aria-label={text('bytesAs')}
					value={form}
					onChange={setForm}
					data={[
						{ value: 'text', label: text('asText') },
						{ value: 'hex', label: text('asHex') },
					]}
				/>
				<CopyButton value={shown} what={what} />
				{aside}
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard has to reach that. */}
			<section className={classes.bytes} data-form={form} tabIndex={0} aria-label={what}>
				<pre>{shown}</pre>
			</section>
		</div>
	);
}
