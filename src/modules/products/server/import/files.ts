import { importColumns } from '../../contract.ts';

/** Byte order mark, by which spreadsheets know that a CSV file is UTF-8. */
const byteOrderMark = '\uFEFF';
const lineEnd = '\r\n';

const example = ['VCU-0001', 'T-0001', 'Scooter 1', '8991000900000000001', 'EV', 'GSM', '300'];

/** The file that an import begins with. */
export function templateFile(): string {
	return csv([importColumns, example]);
}

/** Keys as they are handed out. Device ids and keys hold nothing that CSV or a spreadsheet would take for more. */
export function keysFile(keys: readonly { deviceId: string; key: string }[]): string {
	return csv([['Device ID', 'Device key'], ...keys.map(({ deviceId, key }) => [deviceId, key])]);
}

function csv(rows: readonly (readonly string[])[]): string {
	return `${byteOrderMark}${rows.map((row) => `${row.join(',')}${lineEnd}`).join('')}`;
}
