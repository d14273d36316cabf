import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startPage, type Page } from '../../../demo/page.ts';
import { launchChromium } from './chromium.ts';
import { ShiftedClock, Visit, type Look } from './visit.ts';

export interface Opened {
  readonly page: Page;
  readonly clock: ShiftedClock;
  readonly visit: (look?: Look, path?: string) => Promise<Visit>;
}

export interface OpenOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly prepare?: ((page: Page, clock: ShiftedClock) => void) | undefined;
}

/** Opens the page in a real browser, with a whole road of its own for each test; all of it is closed after the test. */
export function opening(): (options?: OpenOptions) => Promise<Opened> {
  let browser: Browser | undefined;
  const running: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const one of running.splice(0).toReversed()) await one.close();
  });

  return async ({ env = {}, prepare } = {}) => {
    const clock = new ShiftedClock();
    const page = await startPage({ say: () => {}, clock, env });
    running.push(page);
    prepare?.(page, clock);
    return {
      page,
      clock,
      visit: async (look, path) => {
        if (!browser) throw new Error('No browser');
        const visit = await Visit.of(page, browser, look, path);
        running.push(visit);
        return visit;
      },
    };
  };
}
