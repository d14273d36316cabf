import { describe, test } from '@jest/globals';
import { describeRouter } from './contract.ts';
import { grafbase, hasGrafbase } from './routers.ts';

if (hasGrafbase) describeRouter(grafbase);
else describe.skip('Grafbase', () => test('is for Linux on x64 alone', () => {}));
