/** Name of the file in the data folder that holds {@link postgresSettings}; it is written at every start. */
export const settingsFileName = 'quarterdeck.conf';

/**
 * Settings of the embedded PostgreSQL: for a machine with two cores and some gigabytes, and with full durability.
 * Later settings win, so an operator's own go into `postgresql.conf` below the include.
 */
export const postgresSettings: Readonly<Record<string, string>> = {
	// Only a Unix socket in a private folder: no TCP port that could be taken, or reached from elsewhere.
	listen_addresses: '',
	max_connections: '100',
	fsync: 'on',
	synchronous_commit: 'on',
	full_page_writes: 'on',
	wal_compression: 'on',
	max_wal_size: '4GB',
	min_wal_size: '256MB',
	checkpoint_timeout: '15min',
	shared_buffers: '256MB',
	effective_cache_size: '1GB',
	work_mem: '16MB',
	maintenance_work_mem: '128MB',
	random_page_cost: '1.1',
	timezone: 'UTC',
	log_timezone: 'UTC',
	// A week of log files, each overwritten when its day comes again.
	logging_collector: 'on',
	log_directory: 'log',
	log_filename: 'postgresql-%a.log',
	log_rotation_age: '1d',
	log_truncate_on_rotation: 'on',
};

/** Text of a settings file in PostgreSQL's syntax. */
export function settingsFile(settings: Readonly<Record<string, string>>): string {
	const lines = Object.entries(settings).map(
		([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`,
	);
	return `# Written by Quarterdeck at every start. Put your own settings into postgresql.conf.\n${lines.join('\n')}\n`;
}
