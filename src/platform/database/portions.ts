import type pg from 'pg';

/**
 * Reads a large result in portions, through a cursor in a read-only transaction of its own: one consistent moment, and
 * never all of it in memory. The connection is busy until the last portion is taken or the loop is left.
 */
export async function* readInPortions<Row extends pg.QueryResultRow>(
	client: pg.ClientBase,
	select: string,
	portionRows: number,
): AsyncGenerator<Row[]> {
	await client.query('begin isolation level repeatable read read only');
	try {
		await client.query(`declare portions no scroll cursor for ${select}`);
		for (;;) {
			const { rows } = await client.query<Row>(`fetch ${portionRows} from portions`);
			if (rows.length === 0) return;
			yield rows;
		}
	} finally {
		await client.query('commit');
	}
}
