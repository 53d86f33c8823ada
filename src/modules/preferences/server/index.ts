export { servePreferenceRoutes } from './routes.ts';
