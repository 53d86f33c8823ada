import { Loader } from '@mantine/core';
import classes from './splash.module.css';
import { text } from './text.ts';

/** While the server is asked who is signed in. */
export function Splash() {
	return (
		<div className={classes.splash}>
			<Loader size="sm" type="dots" aria-label={text('loading')} />
		</div>
	);
}
