import { neitherLoadedNorCached } from './lookup.ts';
import { serveStandalone } from './standalone.ts';

await serveStandalone(neitherLoadedNorCached());
