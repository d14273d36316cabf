import { describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { opening } from './opened.ts';
import { STATES } from './states.ts';
import { LOOKS } from './visit.ts';

const MOST_PICTURE_BYTES = 300_000;
const open = opening();

describe('in light, in dark and at 360 pixels, axe finds nothing and all fits', () => {
  test.each(STATES)('$name', async ({ env, prepare, reach, pictures = {} }) => {
    const { clock, visit: come } = await open({ env, prepare });
    const visit = await come();
    await reach(visit, clock);
    for (const look of LOOKS) {
      await visit.look(look);
      const found = {
        look,
        violations: await visit.violations(),
        overflow: await visit.overflow(),
      };
      expect(found).toEqual({ look, violations: [], overflow: 0 });
      const picture = pictures[look];
      if (picture === undefined || process.env['KEEP_PICTURES'] === undefined) continue;
      const path = fileURLToPath(new URL(`../screenshots/${picture}.png`, import.meta.url));
      expect((await visit.tab.screenshot({ path })).byteLength).toBeLessThan(MOST_PICTURE_BYTES);
    }
    expect(visit.foreign).toEqual([]);
  });
});
