/** Whose name a mail bears. */
export interface MailBrand {
	readonly name: string;
	/** Where people turn to for help, as in `+91 80 1234 5678`. */
	readonly supportContact: string | null;
	/** `#rrggbb` behind the white words of the button. */
	readonly buttonColour: string;
}

/** What a mail says, in plain sentences. */
export interface MailContent {
	readonly subject: string;
	readonly paragraphs: readonly string[];
	readonly button: { readonly label: string; readonly href: string };
	/** Below the button. */
	readonly closing: readonly string[];
}

export interface RenderedMail {
	readonly subject: string;
	readonly text: string;
	readonly html: string;
}

/** Writes a mail as text and as HTML that can be read in light and dark, without anything to be loaded. */
export function renderMail(brand: MailBrand, content: MailContent): RenderedMail {
	const closing = [
		...content.closing,
		...(brand.supportContact === null ? [] : [`Questions? ${brand.supportContact}`]),
	];
	return {
		subject: content.subject,
		text: textOf(brand, content, closing),
		html: htmlOf(brand, content, closing),
	};
}

function textOf(
	brand: MailBrand,
	{ paragraphs, button }: MailContent,
	closing: readonly string[],
): string {
	const parts = [
		...paragraphs,
		`${button.label}:\n${button.href}`,
		...closing,
		`-- \n${brand.name}`,
	];
	return `${parts.join('\n\n')}\n`;
}

function htmlOf(
	brand: MailBrand,
	{ subject, paragraphs, button }: MailContent,
	closing: readonly string[],
): string {
	const href = escaped(button.href);
	const paragraph = (sentence: string) => `<p style="margin:0 0 16px">${escaped(sentence)}</p>`;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(subject)}</title>
</head>
<body style="margin:0;padding:24px 16px;font:16px/1.5 'Segoe UI',Helvetica,Arial,sans-serif">
<div style="max-width:520px;margin:0 auto">
<p style="margin:0 0 24px;font-weight:bold">${escaped(brand.name)}</p>
${paragraphs.map(paragraph).join('\n')}
<p style="margin:24px 0"><a href="${href}" style="display:inline-block;padding:10px 20px;border-radius:6px;background:${brand.buttonColour};color:#ffffff;text-decoration:none;font-weight:bold">${escaped(button.label)}</a></p>
<p style="margin:0 0 16px;font-size:14px">If the button does not work, open this link:<br><a href="${href}" style="word-break:break-all">${href}</a></p>
${closing.map(paragraph).join('\n')}
</div>
</body>
</html>
`;
}

const entities: ReadonlyMap<string, string> = new Map([
	['&', '&amp;'],
	['<', '&lt;'],
	['>', '&gt;'],
	['"', '&quot;'],
	["'", '&#39;'],
]);

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => entities.get(sign) ?? sign);
}
