import { loadedAndCached } from './lookup.ts';
import { serveStandalone } from './standalone.ts';

await serveStandalone(loadedAndCached());
