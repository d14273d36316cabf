import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import type { Page } from '../../../demo/page.ts';
import type { Clock } from '../../../src/clock.ts';

const LATENESS = 12 * 60_000;

/** The clock of the servers. It can start in the past, so that what was read there is old now. */
export class ShiftedClock implements Clock {
  #lateness = 0;

  readonly now = (): number => Date.now() - this.#lateness;

  readonly after = (milliseconds: number, task: () => void): (() => void) => {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  };

  /** Twelve minutes ago. */
  goBack(): void {
    this.#lateness = LATENESS;
  }

  comeBack(): void {
    this.#lateness = 0;
  }
}

export const LOOKS = ['light', 'dark', 'narrow'] as const;
export type Look = (typeof LOOKS)[number];

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 740 };

/**
 * What a browser does at the page, over the whole road: emulator, subgraph, gateway. What runs in the browser is text here,
 * because the types of a browser and of Node contradict each other.
 */
export class Visit {
  readonly tab: Tab;
  readonly page: Page;
  /** Requests to other hosts than the page's own. */
  readonly foreign: string[] = [];
  /** Operations that asked for something else than the budget. */
  readonly asked: string[] = [];
  /** What the browser complained of. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  private constructor(page: Page, context: BrowserContext, tab: Tab) {
    this.page = page;
    this.#context = context;
    this.tab = tab;
    tab.on('request', (request) => {
      if (!request.url().startsWith(page.url)) this.foreign.push(request.url());
      const { operationName, variables } = JSON.parse(request.postData() ?? '{}');
      if (operationName === 'DevicesOf') this.asked.push(`DevicesOf ${variables.ids.join(' ')}`);
      else if (operationName === 'People') this.asked.push(`People ${variables.search}`);
    });
    tab.on('pageerror', (error) => this.complaints.push(error.message));
    tab.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async of(page: Page, browser: Browser, look: Look = 'light', path = ''): Promise<Visit> {
    const context = await browser.newContext();
    const visit = new Visit(page, context, await context.newPage());
    await visit.look(look);
    await visit.tab.goto(`${page.url}${path}`);
    return visit;
  }

  /** Shows the same in another look. */
  async look(look: Look): Promise<void> {
    await this.tab.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' });
    await this.tab.setViewportSize(look === 'narrow' ? NARROW : WIDE);
  }

  /** REST calls of Defender so far. */
  get calls(): number {
    return this.page.defender.ledger.total;
  }

  /** Waits until everybody in the list has their devices. */
  async listed(): Promise<void> {
    await this.tab.locator('.row').first().waitFor();
    await this.tab.locator('.row .bone').first().waitFor({ state: 'detached' });
  }

  async search(text: string): Promise<void> {
    await this.tab.getByLabel('Find people').fill(text);
    await this.tab.getByLabel('Find people').press('Enter');
  }

  /** The row of a person. */
  row(name: string) {
    return this.tab
      .getByRole('listitem')
      .filter({ has: this.tab.getByText(name, { exact: true }) });
  }

  async choose(name: string): Promise<void> {
    await this.row(name).getByRole('button').first().click();
  }

  async switchTo(title: string): Promise<void> {
    await this.tab.getByLabel('Signed in as').selectOption({ label: title });
  }

  /** Accessibility violations of what is shown now, each with where it is. */
  async violations(): Promise<string[]> {
    await this.tab.evaluate('for (const each of document.getAnimations()) each.cancel()');
    await this.tab.evaluate(`${axe.source}; undefined`);
    const { violations } = await this.tab.evaluate<AxeResults>('axe.run()');
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
  }

  /** By how many pixels the content is wider than the window, or than a pane. */
  overflow(): Promise<number> {
    return this.tab.evaluate<number>(`Math.max(
      ...[document.documentElement, ...document.querySelectorAll('.pane, .details')].map(
        ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
      ),
    )`);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
