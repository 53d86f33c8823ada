import '#web/theme/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '#web/theme/tokens.css';
import '#web/theme/base.css';
import { Button, MantineProvider, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Notifications } from '@mantine/notifications';
import { createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ProblemError } from '#web/api/problem.ts';
import { theme } from '#web/theme/theme.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';

/** A page with a form, as pages of modules will have, and a server that refuses what a test asks it to. */
function Page() {
	const [isOpen, setIsOpen] = useState(false);
	const [added, setAdded] = useState<readonly string[]>([]);
	const form = useForm({
		initialValues: { vin: '', note: '' },
		validate: { vin: (value) => (value === '' ? 'Enter the VIN.' : null) },
	});

	async function add({ vin }: { vin: string }, typed: string) {
		if (vin === 'TAKEN') throw problem(`${vin} is already in use.`, 'body.vin');
		if (vin === 'DOWN') throw problem('The database does not answer.');
		setAdded([...added, `${vin} ${typed}`]);
	}

	return (
		<main>
			<h1>Vehicles</h1>
			<Button onClick={() => setIsOpen(true)}>Add vehicle</Button>
			<ul>
				{added.map((each) => (
					<li key={each}>{each}</li>
				))}
			</ul>
			<FormDrawer
				opened={isOpen}
				onClose={() => {
					setIsOpen(false);
					form.reset();
				}}
				title="Add vehicle"
				form={form}
				what={({ vin }) => `This adds the vehicle ${vin}.`}
				onSubmit={add}
				done={({ vin }) => `${vin} was added.`}
			>
				<TextInput label="VIN" withAsterisk data-autofocus {...form.getInputProps('vin')} />
				<TextInput label="Note" {...form.getInputProps('note')} />
			</FormDrawer>
		</main>
	);
}

function problem(sentence: string, path?: string): ProblemError {
	return new ProblemError({
		code: 'refused',
		status: 409,
		sentence,
		requestId: null,
		fields: path === undefined ? [] : [{ path, message: sentence }],
		retryAfterSeconds: null,
	});
}

const root = document.getElementById('root');
if (!root) throw new Error('form.html has no element "root"');
createRoot(root).render(
	<MantineProvider theme={theme} defaultColorScheme="auto">
		<RouterProvider
			router={createRouter({
				routeTree: createRootRoute({ component: Page, notFoundComponent: Page }),
			})}
		/>
		<Notifications position="bottom-center" />
	</MantineProvider>,
);
