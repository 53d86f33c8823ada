import type pg from 'pg';

/**
 * Reads a large result in portions, through a cursor in a read-only transaction of its own: one consistent moment, and
 * never all of it in memory. The connection is busy until the last portion is taken or the loop is left.
 */
export async function* readInPortions<Row extends pg.QueryResultRow>(
	client: pg.ClientBase,
	select: string,
	portionRows: number,
	parameters: readonly unknown[] = [],
): AsyncGenerator<Row[]> {
	await client.query('begin isolation level repeatable read read only');
	try {
		// All of it will be read: a plan that has the first rows soonest has the last ones far too late.
		await client.query('set local cursor_tuple_fraction = 1');
		await client.query(`declare portions no scroll cursor for ${select}`, [...parameters]);
		const fetch = () => client.query<Row>(`fetch ${portionRows} from portions`);
		let ahead = fetch();
		for (;;) {
			const { rows } = await ahead;
			if (rows.length === 0) return;
			// The database reads the next portion while this one is worked on.
			ahead = fetch();
			// Whoever stops here does not hear of it.
			ahead.catch(() => {});
			yield rows;
		}
	} finally {
		await client.query('commit');
	}
}
