import './strict-zod.ts';
import '@fontsource-variable/inter/wght.css';
import '#web/theme/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import 'mantine-datatable/styles.layer.css';
import '#web/theme/tokens.css';
import '#web/theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

// Nothing is written before there is a page; its font need not wait for that.
void document.fonts.load('14px "Inter Variable"');

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root"');
createRoot(root).render(
	<StrictMode>
		<App />
	</StrictMode>,
);
