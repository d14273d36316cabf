import { describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { opening } from './opened.ts';
import { STATES } from './states.ts';
import type { Look } from './visit.ts';

const MOST_PICTURE_BYTES = 300_000;
const LOOKS: readonly Look[] = ['light', 'dark', 'narrow'];
const open = opening();

describe.each(STATES)('$name', ({ env, prepare, reach, pictures }) => {
  test.each(LOOKS)('is accessible and fits, %s', async (look) => {
    const { clock, visit: come } = await open({ env, prepare });
    const visit = await come(look);
    await reach(visit, clock);
    expect(await visit.violations()).toEqual([]);
    expect(await visit.overflow()).toBeLessThanOrEqual(0);
    expect(visit.foreign).toEqual([]);

    const name = pictures?.[look];
    if (name === undefined || process.env['KEEP_PICTURES'] === undefined) return;
    const path = fileURLToPath(new URL(`../screenshots/${name}.png`, import.meta.url));
    const picture = await visit.tab.screenshot({ path });
    expect(picture.byteLength).toBeLessThan(MOST_PICTURE_BYTES);
  });
});
