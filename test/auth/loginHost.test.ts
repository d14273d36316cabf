import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createLoginHost } from '../../src/auth/loginHost.ts';
import { PATIENT, TENANT } from './setting.ts';

let emulator: Emulator;
let other: Emulator;

beforeAll(async () => {
  [emulator, other] = await Promise.all([startEmulator(), startEmulator()]);
});
afterAll(() => Promise.all([emulator.close(), other.close()]));

describe('the login host', () => {
  const request = { method: 'GET', headers: {}, signal: PATIENT } as const;

  test('is the only one that is asked', async () => {
    const send = createLoginHost(emulator.url);
    const path = `/${TENANT}/discovery/v2.0/keys`;
    await expect(send(`${emulator.url}${path}`, request)).resolves.toMatchObject({ status: 200 });
    await expect(send(`${other.url}${path}`, request)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect(other.ledger.connections).toBe(0);
  });
});
