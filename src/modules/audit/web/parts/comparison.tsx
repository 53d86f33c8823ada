import type { AuditEntry } from '../../contract.ts';
import { compared, fieldWords } from '../compared.ts';
import { text } from '../text.ts';
import classes from './comparison.module.css';

interface ComparisonProps {
	readonly before: AuditEntry['before'];
	readonly after: AuditEntry['after'];
}

/** Before and after side by side, with what changed marked. */
export function Comparison({ before, after }: ComparisonProps) {
	const fields = compared(before, after);
	if (fields.length === 0) return <p className={classes.none}>{text('noValues')}</p>;
	return (
		<table className={classes.table} aria-label={text('changes')}>
			<thead>
				<tr>
					<th scope="col">{text('value')}</th>
					<th scope="col">{text('before')}</th>
					<th scope="col">{text('after')}</th>
				</tr>
			</thead>
			<tbody>
				{fields.map((field) => (
					<tr key={field.path} data-changed={field.isChanged || undefined}>
						<th scope="row">
							{field.path === '' ? text('value') : fieldWords(field.path)}
							{field.isChanged ? <span className={classes.mark}> {text('changed')}</span> : null}
						</th>
						<Value value={field.before} />
						<Value value={field.after} />
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Value({ value }: { readonly value: AuditEntry['before'] | undefined }) {
	if (value === undefined || value === null)
		return <td className={classes.nothing}>{text(value === null ? 'wasNothing' : 'unknown')}</td>;
	if (typeof value === 'boolean') return <td>{text(value ? 'yes' : 'no')}</td>;
	return (
		<td>
			<bdi>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
		</td>
	);
}
