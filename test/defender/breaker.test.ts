import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Priority } from '../../src/auth/caller.ts';
import { Failure, type FailureCode } from '../../src/errors.ts';
import { guarded } from '../../src/defender/breaker.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { callerWith } from '../machines/sightings.ts';

const { signal } = new AbortController();

/** The breaker over a Defender that says what the test sets. The library reads the time from Date. */
function openBreaker() {
  const defender = { calls: 0, says: 200 as number | FailureCode, gate: Promise.resolve() };
  const logged: string[] = [];
  const attempt = guarded(
    async () => {
      defender.calls += 1;
      await defender.gate;
      if (typeof defender.says !== 'number') throw new Failure(defender.says, 'No.');
      return { status: defender.says, headers: {}, body: Buffer.alloc(0) };
    },
    {
      failures: 3,
      failuresOfOneUser: 2,
      restMilliseconds: 10_000,
      log: createLog('info', { write: (line: string) => void logged.push(line) }),
    },
  );
  let users = 0;
  const ask = (
    budget = 'contoso/app',
    path = `/user${(users += 1)}`,
    until = signal,
    priority: Priority = 'interactive',
  ) =>
    attempt({ ...callerWith('alice'), budget, priority }, path, 'token', until).then(
      ({ status }) => status,
      (error: Failure) => error.code,
    );
  /** From now on Defender says 500, and what comes next is a probe. */
  async function goDownAndRest(): Promise<void> {
    defender.says = 500;
    for (let times = 0; times < 3; times += 1) await ask();
    jest.setSystemTime(10_000);
  }
  return { defender, logged, ask, goDownAndRest };
}

describe('the breaker', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 0 }));
  afterEach(() => void jest.useRealTimers());

  test.each([500, 503, 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'] as const)(
    'after three times %s in a row makes no call until its rest is over',
    async (says) => {
      const { defender, logged, ask } = openBreaker();
      defender.says = says;
      for (let times = 0; times < 3; times += 1) await ask();
      expect(await ask()).toBe('UPSTREAM_UNAVAILABLE');
      expect(defender.calls).toBe(3);
      expect(logged.join()).toContain('Defender is down');

      jest.setSystemTime(10_000);
      defender.says = 200;
      expect(await ask()).toBe(200);
      expect(await ask()).toBe(200);
      expect(logged.join()).toContain('Defender is back');
    },
  );

  test.each([
    200,
    401,
    403,
    404,
    429,
    'RATE_LIMITED',
    'DEADLINE_EXCEEDED',
    'UPSTREAM_INVALID_RESPONSE',
  ] as const)('is not moved by %s', async (says) => {
    const { defender, ask } = openBreaker();
    defender.says = says;
    for (let times = 0; times < 9; times += 1) expect(await ask()).toBe(says);
    expect(defender.calls).toBe(9);
  });

  test('of one tenant and application does not stop another', async () => {
    const { defender, ask } = openBreaker();
    defender.says = 500;
    for (let times = 0; times < 3; times += 1) await ask('contoso/app');
    defender.says = 200;
    expect(await ask('contoso/app')).toBe('UPSTREAM_UNAVAILABLE');
    expect(await ask('fabrikam/app')).toBe(200);
    expect(await ask('contoso/other')).toBe(200);
  });

  test('leaves a call its own outcome that ends after others have opened it, and is not moved by that', async () => {
    const { defender, ask, goDownAndRest } = openBreaker();
    let open = () => {};
    defender.gate = new Promise((resolve) => (open = resolve));
    const early = [ask(), ask(), ask()];
    defender.gate = Promise.resolve();
    await goDownAndRest();
    jest.setSystemTime(9_999);
    open();
    expect(await Promise.all(early)).toEqual([500, 500, 500]);
    expect(await ask()).toBe('UPSTREAM_UNAVAILABLE');
    jest.setSystemTime(10_000);
    defender.says = 200;
    expect(await ask()).toBe(200);
  });

  test('starts to count anew when a call succeeds', async () => {
    const { defender, ask } = openBreaker();
    for (const says of [500, 500, 200, 500, 500, 200]) {
      defender.says = says;
      expect(await ask()).toBe(says);
    }
  });

  test('is not opened by one user for whom Defender always fails', async () => {
    const { defender, ask } = openBreaker();
    defender.says = 500;
    for (let times = 0; times < 9; times += 1)
      expect(await ask('contoso/app', '/broken')).toBe(500);
    defender.says = 200;
    expect(await ask()).toBe(200);
  });

  test.each(['RATE_LIMITED', 'DEADLINE_EXCEEDED', 500] as const)(
    'stays open where its probe ends with %s',
    async (says) => {
      const { defender, logged, ask, goDownAndRest } = openBreaker();
      await goDownAndRest();
      defender.says = says;
      expect(await ask()).toBe(says);
      expect(await ask()).toBe('UPSTREAM_UNAVAILABLE');
      expect(logged.join()).not.toContain('Defender is back');
    },
  );

  test('stays open where the caller of its probe has gone, and lets the next one probe at once', async () => {
    const { defender, logged, ask, goDownAndRest } = openBreaker();
    await goDownAndRest();
    defender.says = 'DEADLINE_EXCEEDED';
    const gone = AbortSignal.abort();
    for (let times = 0; times < 3; times += 1)
      expect(await ask('contoso/app', '/', gone)).toBe('DEADLINE_EXCEEDED');
    expect(logged).toHaveLength(1);
    defender.says = 200;
    expect(await ask()).toBe(200);
    expect(logged.join()).toContain('Defender is back');
  });

  test('lets one call probe, for which the others wait', async () => {
    const { defender, ask, goDownAndRest } = openBreaker();
    await goDownAndRest();
    let open = () => {};
    defender.gate = new Promise((resolve) => (open = resolve));
    const asking = [ask(), ask(), ask()];
    await Promise.resolve();
    expect(defender.calls).toBe(4);
    open();
    expect(await Promise.all(asking)).toEqual([
      500,
      'UPSTREAM_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ]);
    expect(defender.calls).toBe(4);
  });

  test('lets nobody probe who has gone while waiting for the probe', async () => {
    const { defender, ask, goDownAndRest } = openBreaker();
    await goDownAndRest();
    let open = () => {};
    defender.gate = new Promise((resolve) => (open = resolve));
    const leaving = new AbortController();
    const gone = [1, 2, 3].map((user) => ask('contoso/app', `/${user}`, leaving.signal));
    const staying = ask();
    leaving.abort(new Failure('DEADLINE_EXCEEDED', 'No.'));
    open();
    await Promise.all(gone);
    // The probe that was left, and the one of who stayed.
    expect(await staying).toBe(500);
    expect(defender.calls).toBe(5);
  });

  test('is not probed by what nobody waits for', async () => {
    const { defender, ask, goDownAndRest } = openBreaker();
    await goDownAndRest();
    defender.says = 'RATE_LIMITED';
    expect(await ask('contoso/app', '/', signal, 'spare')).toBe('UPSTREAM_UNAVAILABLE');
    defender.says = 200;
    expect(await ask()).toBe(200);
    expect(await ask('contoso/app', '/', signal, 'spare')).toBe(200);
  });
});
