import { describe, test } from '@jest/globals';
import { opening } from './opened.ts';

const open = opening();

describe('what can go wrong can be tried', () => {
  test('Defender pauses: people who are new wait', async () => {
    const { visit: come } = await open({ env: { DEFENDER_MAX_WAIT_SECONDS: '0' } });
    const visit = await come();
    await visit.listed();
    await visit.tab.getByRole('button', { name: 'Defender pauses' }).click();
    await visit.tab
      .getByText(/Reading again in \d+ s/)
      .first()
      .waitFor();
  });

  test('Defender fails: what was read before is shown as stale', async () => {
    const { clock, visit: come } = await open({ prepare: (_, its) => its.goBack() });
    const visit = await come();
    await visit.listed();
    clock.comeBack();
    await visit.tab.getByRole('button', { name: 'Defender fails' }).click();
    await visit.tab.getByText('Stale, read').nth(19).waitFor();
  });

  test('Entra wants more proof: signing in again brings all back', async () => {
    const { visit: come } = await open();
    const visit = await come();
    await visit.listed();
    await visit.tab.getByRole('button', { name: 'Entra wants more proof' }).click();
    await visit.tab.getByRole('button', { name: 'Sign in again' }).click();
    await visit.tab
      .getByText('Waits for you to sign in again.')
      .first()
      .waitFor({ state: 'detached' });
    await visit.listed();
    await visit
      .row('Keiko Lopez')
      .getByText(/devices/)
      .waitFor();
  });
});
