import type { Page } from '../../../demo/page.ts';
import type { Look, ShiftedClock, Visit } from './visit.ts';

/** Something that the page can look like. */
export interface State {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Before the browser comes. */
  readonly prepare?: (page: Page, clock: ShiftedClock) => void;
  /** Ends when the state is on the screen. */
  readonly reach: (visit: Visit, clock: ShiftedClock) => Promise<void>;
  /** The looks whose picture is kept, and under which name. */
  readonly pictures?: Partial<Readonly<Record<Look, string>>>;
}

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

export const STATES: readonly State[] = [
  {
    name: 'a list that waits for its devices',
    prepare: ({ defender }) => void defender.faults.always({}, { kind: 'held' }),
    reach: async ({ tab }) => {
      await tab.getByText('Reading devices').nth(19).waitFor({ state: 'attached' });
    },
  },
  {
    name: 'people with their devices',
    reach: (visit) => visit.listed(),
    pictures: { narrow: 'narrow' },
  },
  {
    name: 'a person beside a device',
    reach: async (visit) => {
      await visit.switchTo('Carol, all device groups');
      await visit.search('backup service');
      await visit.row('Backup Service').waitFor();
      await visit.listed();
      await visit.search('');
      await visit.row('Grace Eriksen').waitFor();
      await visit.listed();
      await visit.choose('Grace Eriksen');
      await visit.tab.getByRole('button', { name: 'ber-Kiosk-713.contoso.com' }).click();
      await visit.tab.getByRole('button', { name: 'Backup Service' }).waitFor();
    },
    pictures: { light: 'light', dark: 'dark' },
  },
  {
    name: 'a filtered list',
    reach: async (visit) => {
      await visit.listed();
      await visit.tab.getByText('Filter and sort').click();
      await visit.tab.getByLabel('Risk').selectOption('HIGH');
      await visit.tab.getByText(/filtered out/).waitFor();
    },
  },
  {
    name: 'a filter that nothing passes',
    reach: async (visit) => {
      await visit.listed();
      await visit.tab.getByText('Filter and sort').click();
      await visit.tab.getByLabel('Device name').fill('no such device');
      await visit.tab.getByText('No device passes the filter').waitFor();
    },
  },
  {
    name: 'stale answers',
    prepare: (_, clock) => clock.goBack(),
    reach: async (visit, clock) => {
      await visit.listed();
      clock.comeBack();
      visit.page.defender.faults.always({}, { kind: 'status', status: 503 });
      await visit.tab.reload();
      await visit.tab.getByText('Stale, read 12 minutes ago').nth(19).waitFor();
      await visit.choose('Keiko Lopez');
      await visit.tab.getByRole('heading', { name: 'Keiko Lopez' }).waitFor();
    },
    pictures: { light: 'stale' },
  },
  {
    name: 'rows that wait for the budget',
    env: { DEFENDER_CALLS_PER_MINUTE: '12' },
    reach: async (visit) => {
      const waiting = visit.tab.getByText(/Reading again in \d+ s/);
      await waiting.nth(7).waitFor();
      await visit.choose('Keiko Lopez');
      await visit.tab.getByText('The devices can’t be shown').waitFor();
    },
    pictures: { light: 'rate-limited' },
  },
  {
    name: 'a claims challenge',
    prepare: ({ defender }) => defender.callers.change('alice', { requiredClaims: CLAIMS }),
    reach: async ({ tab }) => {
      await tab.getByRole('heading', { name: 'Confirm that it’s you' }).waitFor();
    },
    pictures: { light: 'claims' },
  },
  {
    name: 'a caller who may not see devices',
    reach: async (visit) => {
      await visit.switchTo('Dave, without "View Data"');
      await visit.tab.getByText('Your account may not see devices.').nth(19).waitFor();
    },
  },
  {
    name: 'a Defender that fails',
    prepare: ({ defender }) => void defender.faults.always({}, { kind: 'status', status: 500 }),
    reach: async (visit) => {
      await visit.tab.getByText('Defender didn’t answer.').nth(19).waitFor();
      await visit.choose('Keiko Lopez');
      await visit.tab.getByText('The devices can’t be shown').waitFor();
    },
  },
  {
    name: 'a search that finds nobody',
    reach: async (visit) => {
      await visit.search('nobody of that name');
      await visit.tab.getByText('Nobody found').waitFor();
    },
  },
  {
    name: 'a person without devices',
    reach: async (visit) => {
      await visit.search('user2@contoso.com');
      await visit.choose('User 2');
      await visit.tab.getByText('Defender saw no logon').waitFor();
    },
  },
  {
    name: 'a person whom Defender does not know',
    prepare: ({ defender }) => void defender.faults.always({}, { kind: 'status', status: 404 }),
    reach: async (visit) => {
      await visit.choose('Keiko Lopez');
      await visit.tab.getByText('has never seen this account').waitFor();
    },
  },
  {
    name: 'a supergraph out of reach',
    reach: async ({ tab }) => {
      await tab.route('**/graphql', (route) => route.abort());
      await tab.reload();
      await tab.getByText('The directory doesn’t answer').waitFor();
    },
  },
  {
    name: 'nobody who can sign in',
    reach: async ({ tab }) => {
      await tab.route('**/demo/callers', (route) => route.abort());
      await tab.reload();
      await tab.getByText('Nobody can sign in').waitFor();
    },
  },
];
