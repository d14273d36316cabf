import { describe, expect, test } from '@jest/globals';
import { opening } from './opened.ts';
import type { Visit } from './visit.ts';

const open = opening();

/** Names of the devices in the table, from the top. */
function devicesOf({ tab }: Visit): Promise<string[]> {
  return tab.locator('.devices .link').allTextContents();
}

async function askedForOne(visit: Visit, id: string): Promise<number> {
  return visit.asked.filter((one) => one === `DevicesOf ${id}`).length;
}

describe('searching', () => {
  test('asks for the devices of everybody found in one request, one call each', async () => {
    const { page, visit: come } = await open();
    const visit = await come();
    await visit.listed();
    expect(visit.asked).toHaveLength(2);
    expect(visit.asked[0]).toBe('People ');
    expect(visit.asked[1]?.split(' ').slice(1)).toHaveLength(20);
    expect(page.defender.ledger.total).toBe(20);
  });

  test('typing a name letter by letter spends calls for the last list alone', async () => {
    const { visit: come } = await open();
    const visit = await come('light', '?search=svc-backup');
    await visit.listed();
    const before = visit.calls;
    await visit.tab.getByLabel('Find people').pressSequentially(' zoe tan', { delay: 40 });
    await visit.tab.getByText('Nobody found').waitFor();
    await visit.tab.getByLabel('Find people').fill('');
    await visit.tab.getByLabel('Find people').pressSequentially('zoe tan', { delay: 40 });
    await visit.row('Zoë Tan').first().waitFor();
    await visit.listed();
    const found = await visit.tab.locator('.row').count();
    expect(visit.calls - before).toBe(found);
    expect(visit.asked.filter((one) => one.startsWith('DevicesOf'))).toHaveLength(2);
  });

  test('more people come behind those that are there, and those are not asked for again', async () => {
    const { visit: come } = await open();
    const visit = await come();
    await visit.listed();
    await visit.tab.getByRole('button', { name: 'Show more people' }).click();
    await visit.tab.locator('.row').nth(39).waitFor();
    await visit.listed();
    expect(visit.calls).toBe(40);
    const asked = visit.asked
      .filter((one) => one.startsWith('DevicesOf'))
      .flatMap((one) => one.split(' ').slice(1));
    expect(new Set(asked).size).toBe(40);
    expect(asked).toHaveLength(40);
  });

  test('an address leads back to the same search, person and device', async () => {
    const { visit: come } = await open();
    const visit = await come('light', '?search=user1%40&person=user1');
    await visit.listed();
    await visit.tab.locator('.devices .link').first().click();
    const device = await visit.tab.locator('.device h2').textContent();
    await visit.tab.reload();
    await visit.listed();
    expect(await visit.tab.locator('.person h2').textContent()).toBe('User 1');
    expect(await visit.tab.locator('.device h2').textContent()).toBe(device);
    expect(await visit.tab.getByLabel('Find people').inputValue()).toBe('user1@');
    await visit.tab.goBack();
    await visit.tab.locator('.device').waitFor({ state: 'detached' });
  });
});

describe('a person', () => {
  test('has exactly the devices that Defender shows to the caller, what matters first', async () => {
    const { page, visit: come } = await open();
    const visit = await come('light', '?person=user1');
    await visit.tab.locator('.devices').waitFor();
    const seen = page.defender.visibleTo('alice', 'user1') ?? [];
    const risks = ['None', 'Informational', 'Low', 'Medium', 'High'];
    const exposures = ['None', 'Low', 'Medium', 'High'];
    const expected = seen
      .toSorted(
        (one, other) =>
          risks.indexOf(other.riskScore ?? '') - risks.indexOf(one.riskScore ?? '') ||
          exposures.indexOf(other.exposureLevel ?? '') - exposures.indexOf(one.exposureLevel ?? ''),
      )
      .map(({ riskScore }) => riskScore);
    expect(seen.length).toBeGreaterThan(2);
    expect((await devicesOf(visit)).toSorted()).toEqual(
      seen.map(({ computerDnsName }) => computerDnsName || 'Unnamed device').toSorted(),
    );
    const shown = await visit.tab.locator('.devices [data-title=Risk]').allTextContents();
    expect(shown).toEqual(
      expected.map((risk) => (risk === 'Informational' ? 'Info' : (risk ?? 'Not known'))),
    );
  });

  test('stands beside a device with the others on it, found without a call or a request', async () => {
    const { page, visit: come } = await open();
    const { estate } = page.defender;
    const [machine] = page.defender.visibleTo('alice', 'user1') ?? [];
    const other = estate.users.find(
      ({ accountName }) =>
        !['user1', 'svc-backup'].includes(accountName) &&
        estate.machinesOf(accountName)?.some(({ id }) => id === machine?.id),
    );
    if (!machine || !other) throw new Error('The estate has no such people');
    const visit = await come('light', `?search=${other.userPrincipalName}`);
    await visit.listed();
    await visit.search('user1@contoso.com');
    await visit.choose('User 1');
    await visit.listed();
    const before = { calls: visit.calls, asked: visit.asked.length };
    await visit.tab.locator(`#device-${machine.id}`).click();
    await visit.tab.locator('.others').getByRole('button', { name: other.displayName }).click();
    await visit.tab.getByRole('heading', { name: other.displayName }).waitFor();
    expect({ calls: visit.calls, asked: visit.asked.length }).toEqual(before);
  });

  test('with very many devices shows some of them until asked for all', async () => {
    const { page, visit: come } = await open();
    const visit = await come('light', '?person=svc-backup');
    await visit.tab.locator('.devices').waitFor();
    expect(await devicesOf(visit)).toHaveLength(25);
    const all = page.defender.visibleTo('alice', 'svc-backup')?.length ?? 0;
    await visit.tab
      .getByRole('button', { name: `Show all ${all.toLocaleString('en')} devices` })
      .click();
    expect(await devicesOf(visit)).toHaveLength(all);
  });
});

describe('filters', () => {
  test('narrow both lists down without a call or a request', async () => {
    const { page, visit: come } = await open();
    const visit = await come('light', '?search=user1%40&person=user1');
    await visit.listed();
    const before = { calls: visit.calls, asked: [...visit.asked] };
    const seen = page.defender.visibleTo('alice', 'user1') ?? [];
    await visit.tab.getByText('Filter and sort').click();

    await visit.tab.getByLabel('Device group').selectOption('Shared Laptops');
    const group = seen.filter(({ rbacGroupName }) => rbacGroupName === 'Shared Laptops');
    await visit.tab
      .getByRole('heading', { name: `${group.length} of ${seen.length} devices` })
      .waitFor();
    await visit.tab.getByLabel('Device group').selectOption('');

    for (const [risk, risks] of [
      ['HIGH', ['High']],
      ['LOW', ['Low', 'Medium', 'High']],
    ] as const) {
      await visit.tab.getByLabel('Risk').selectOption(risk);
      const passing = seen.filter(({ riskScore }) =>
        (risks as readonly unknown[]).includes(riskScore),
      );
      await visit.tab
        .getByRole('heading', { name: `${passing.length} of ${seen.length} devices` })
        .waitFor();
    }
    await visit.tab.getByRole('button', { name: 'Clear the filter' }).click();
    await visit.tab.getByRole('heading', { name: `${seen.length} devices`, exact: true }).waitFor();
    expect({ calls: visit.calls, asked: visit.asked }).toEqual(before);
  });
});

describe('failures', () => {
  test('a rate-limited row counts down and is then read again, it alone', async () => {
    const { visit: come } = await open({
      env: { DEFENDER_MAX_WAIT_SECONDS: '0' },
      prepare: ({ defender: { faults } }) => {
        // Last to come, so that the pause hits nobody else.
        faults.next({ user: 'Keiko.Lopez1' }, { kind: 'latency', milliseconds: 800 });
        faults.next({ user: 'Keiko.Lopez1' }, { kind: 'tooManyRequests', retryAfter: 3 });
      },
    });
    const visit = await come();
    const row = visit.row('Keiko Lopez');
    const seconds = row.getByRole('timer');
    await seconds.waitFor();
    const first = Number.parseInt((await seconds.textContent()) ?? '', 10);
    await expectSoon(async () => Number.parseInt((await seconds.textContent()) ?? '', 10) < first);
    expect(await askedForOne(visit, 'Keiko.Lopez1')).toBe(0);
    expect(await visit.tab.getByRole('timer').count()).toBe(1);

    await seconds.waitFor({ state: 'detached' });
    await visit.listed();
    expect(await askedForOne(visit, 'Keiko.Lopez1')).toBe(1);
    expect(visit.asked.filter((one) => one.startsWith('DevicesOf'))).toHaveLength(2);
    const { calls, tooEarly } = visit.page.defender.ledger;
    expect(tooEarly).toBe(0);
    expect(calls.filter(({ user }) => user === 'keiko.lopez1')).toHaveLength(2);
  });

  test('a claims challenge asks for a new sign-in, and then for those who waited', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const { page, visit: come } = await open({
      prepare: ({ defender }) => defender.callers.change('alice', { requiredClaims: claims }),
    });
    const visit = await come();
    const sent: unknown[] = [];
    visit.tab.on('request', (request) => {
      if (request.url().endsWith('/demo/tokens')) sent.push(request.postDataJSON());
    });
    await visit.tab.getByText('Waits for you to sign in again.').nth(19).waitFor();
    await visit.tab.getByRole('button', { name: 'Sign in again' }).click();
    await visit.tab.getByRole('heading', { name: 'Confirm' }).waitFor({ state: 'detached' });
    await visit.listed();
    expect(page.defender.ledger.total).toBe(20);
    expect(sent.at(-1)).toEqual({ caller: 'alice', claims: btoa(claims) });
  });

  test('a person whom Defender failed to answer for can be asked for again', async () => {
    const { page, visit: come } = await open();
    const failing = page.defender.faults.always(
      { user: 'Keiko.Lopez1' },
      { kind: 'status', status: 500 },
    );
    const visit = await come();
    await visit.listed();
    failing.remove();
    await visit.tab.getByRole('button', { name: 'Try again for Keiko Lopez' }).click();
    await visit
      .row('Keiko Lopez')
      .getByText(/device/)
      .waitFor();
    expect(await askedForOne(visit, 'Keiko.Lopez1')).toBe(1);
  });

  test('an answer that is stale says so, and how old it is; a fresh one does not', async () => {
    const { page, clock, visit: come } = await open({ prepare: (_, its) => its.goBack() });
    const visit = await come('light', '?search=user1%40&person=user1');
    await visit.listed();
    expect(await visit.tab.getByText('Stale').count()).toBe(0);
    clock.comeBack();
    const failing = page.defender.faults.always({}, { kind: 'status', status: 503 });
    await visit.tab.getByRole('button', { name: 'Read again' }).click();
    await visit.row('User 1').getByText('Stale, read 12 minutes ago').waitFor();
    await visit.tab.locator('.person').getByText('Stale, read 12 minutes ago').waitFor();
    failing.remove();
  });

  test('a directory that could not be reached is asked again on demand', async () => {
    const { visit: come } = await open();
    const visit = await come();
    await visit.tab.route('**/graphql', (route) => route.abort());
    await visit.tab.reload();
    const retry = visit.tab.getByRole('alert').getByRole('button', { name: 'Try again' });
    await retry.waitFor();
    await visit.tab.unroute('**/graphql');
    await retry.click();
    await visit.listed();
    expect(await visit.tab.locator('.row').count()).toBe(20);
  });
});

describe('another caller', () => {
  test('sees their own device groups and nothing of who was there before', async () => {
    const { page, visit: come } = await open();
    const visit = await come('light', '?search=user1%40&person=user1');
    const groups = async () => {
      await visit.listed();
      await visit.tab.locator('.devices').waitFor();
      return new Set(await visit.tab.locator('.devices [data-title=Group]').allTextContents());
    };
    const groupsOf = (caller: string) =>
      new Set(
        page.defender
          .visibleTo(caller, 'user1')
          ?.map(({ rbacGroupName }) => rbacGroupName ?? 'No group'),
      );
    expect(await groups()).toEqual(groupsOf('alice'));
    for (const [title, name] of [
      ['Bob, New York and Sydney', 'bob'],
      ['Carol, all device groups', 'carol'],
    ] as const) {
      await visit.switchTo(title);
      expect(await groups()).toEqual(groupsOf(name));
    }
    expect(groupsOf('carol').size).toBeGreaterThan(groupsOf('bob').size);
  });

  test('is shown nothing until their own answer is there, even when an earlier answer comes late', async () => {
    const { page, visit: come } = await open();
    const held = page.defender.faults.always({ caller: 'alice' }, { kind: 'held' });
    const silent = page.defender.faults.always({ caller: 'bob' }, { kind: 'held' });
    const visit = await come('light', '?search=user1%40&person=user1');
    await visit.tab.getByText('Reading devices').first().waitFor();
    await expectSoon(async () => page.defender.ledger.total >= 1);
    await visit.switchTo('Bob, New York and Sydney');
    await expectSoon(async () => page.defender.ledger.total >= 2);
    const late = visit.tab.waitForResponse(
      (response) => response.request().postData()?.includes('DevicesOf') ?? false,
    );
    held.release();
    await late;
    expect(await visit.tab.locator('.devices').count()).toBe(0);
    silent.release();
    await visit.tab.locator('.devices').waitFor();
    expect(await devicesOf(visit)).toHaveLength(
      page.defender.visibleTo('bob', 'user1')?.length ?? 0,
    );
  });

  test('leaves no token in any storage or in the address', async () => {
    const { visit: come } = await open();
    const visit = await come();
    await visit.listed();
    await visit.switchTo('Carol, all device groups');
    await visit.listed();
    const kept = await visit.tab.evaluate(`indexedDB.databases().then(({ length }) => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: length,
      address: location.href,
    }))`);
    expect(kept).toEqual({
      local: 0,
      session: 0,
      cookies: '',
      databases: 0,
      address: visit.page.url,
    });
    expect(visit.complaints).toEqual([]);
  });
});

describe('the keyboard alone', () => {
  test('finds a person, reads their devices, opens one and comes back', async () => {
    const { visit: come } = await open();
    const visit = await come();
    const { keyboard } = visit.tab;
    await visit.listed();
    await visit.tab.getByLabel('Find people').focus();
    await keyboard.type('user1@');
    await keyboard.press('Enter');
    await visit.row('User 1').waitFor();
    await visit.listed();
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    expect(await focusedText(visit)).toContain('User 1');
    await keyboard.press('Enter');
    await visit.tab.getByRole('heading', { name: 'User 1' }).waitFor();
    expect(await focusedText(visit)).toContain('User 1');
    await visit.tab.getByRole('button', { name: 'Read again' }).focus();
    await keyboard.press('Tab');
    const [first] = await devicesOf(visit);
    expect(await focusedText(visit)).toBe(first);
    await keyboard.press('Enter');
    await visit.tab.getByRole('button', { name: 'Close' }).focus();
    await keyboard.press('Enter');
    expect(await focusedText(visit)).toBe(first);
  });

  test('moves along the list with the arrow keys', async () => {
    const { visit: come } = await open();
    const visit = await come();
    await visit.listed();
    const names = await visit.tab.locator('.row-name').allTextContents();
    await visit.tab.locator('.row-main').first().focus();
    await visit.tab.keyboard.press('ArrowDown');
    expect(await focusedText(visit)).toContain(names[1]);
    await visit.tab.keyboard.press('End');
    expect(await focusedText(visit)).toContain(names[19]);
    await visit.tab.keyboard.press('Home');
    expect(await focusedText(visit)).toContain(names[0]);
  });

  test('on a narrow page lands on what took the place of the list, and back on the row', async () => {
    const { visit: come } = await open();
    const visit = await come('narrow');
    await visit.listed();
    await visit.row('Keiko Lopez').getByRole('button').first().focus();
    await visit.tab.keyboard.press('Enter');
    await visit.tab.getByRole('heading', { name: 'Keiko Lopez' }).waitFor();
    expect(await focusedText(visit)).toBe('Keiko Lopez');
    await visit.tab.getByRole('button', { name: '‹ People' }).click();
    expect(await focusedText(visit)).toContain('Keiko Lopez');
  });
});

async function focusedText({ tab }: Visit): Promise<string> {
  return tab.evaluate<string>(`document.activeElement?.textContent ?? ''`);
}

async function expectSoon(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not become true in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
