import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PreflightStage } from './stage.ts';

let stage: PreflightStage;
beforeAll(async () => {
  stage = await PreflightStage.open();
});
afterAll(() => stage.close());

const defenderToken = (...of: Parameters<typeof stage.defender.issuer.defenderToken>) =>
  stage.defender.issuer.defenderToken(...of);
const userToken = (...of: Parameters<typeof stage.defender.issuer.userToken>) =>
  stage.defender.issuer.userToken(...of);

describe('forward: a token', () => {
  const about = async (token: string, env = stage.forward()) => stage.lookAtToken(env, token);

  test("of a person for this cloud's Defender is good", async () => {
    const { status, wrong, text } = await about(await defenderToken('alice'));
    expect([status, wrong]).toEqual([0, []]);
    expect(text).toContain('delegated, for a person,');
    expect(text).toContain('valid for another 59 minutes');
  });

  test('of an application is good, and what it can see is noted', async () => {
    const { status, notes } = await about(await defenderToken('reporter'));
    expect(status).toBe(0);
    expect(notes.join()).toContain('the devices of the whole tenant');
  });

  test.each([
    ['for Graph', { audience: 'https://graph.microsoft.com' }, 'is for Microsoft Graph and not'],
    [
      'for Graph, by its id',
      { audience: '00000003-0000-0000-c000-000000000000' },
      'Microsoft Graph',
    ],
    ["for the host's name", { audience: 'https://api.security.microsoft.com' }, 'another API'],
    [
      'for the Defender of another cloud',
      { audience: 'https://securitycenter.onmicrosoft.us/windowsatpservice' },
      'is for Defender (gcc-high, dod), and DEFENDER_CLOUD is another cloud',
    ],
    ['for a service', { audience: 'api://mine' }, 'set AUTH_MODE=on-behalf-of'],
    ['that is old', { expiresInSeconds: -7_300 }, 'has expired 2 hours ago'],
    [
      'that is not valid yet',
      { claims: { nbf: 4_000_000_000 } },
      'is the clock of this machine right',
    ],
    ['without an end', { claims: { exp: 'never' as never } }, 'never expires'],
    [
      'without the scope',
      { claims: { scp: 'User.Read Alert.Read' } },
      'lacks the scope Machine.Read',
    ],
    ['without rights', { claims: { scp: undefined } }, 'neither scopes nor roles'],
    [
      'of an application without the role',
      { claims: { scp: undefined, roles: ['Alert.Read.All'] } },
      'lacks the role Machine.Read.All',
    ],
  ])('%s is wrong, and why is said', async (_, options, words) => {
    const { status, wrong } = await about(await defenderToken('alice', options));
    expect(status).toBe(1);
    expect(wrong).toEqual([expect.stringContaining(words)]);
  });

  test('that expires soon, or is named by application id, is noted', async () => {
    const audience = 'fc780465-2017-40d4-a0c5-307022471b92';
    const { status, notes } = await about(
      await defenderToken('alice', { expiresInSeconds: 100, audience }),
    );
    expect(status).toBe(0);
    expect(notes.join()).toMatch(/expires in 1 minute.*by its application id/);
  });

  test('with claims that play with the terminal is told of without them', async () => {
    const { text } = await about(
      await defenderToken('alice', { claims: { appid: '\u001b[2Jgood', aud: 'a\nok     fine' } }),
    );
    expect(text).not.toContain('\u001b');
    expect(text).not.toMatch(/^ok {5}fine/m);
  });
});

describe('on-behalf-of: a token', () => {
  const about = async (token: string, over: Readonly<Record<string, string>> = {}) =>
    stage.lookAtToken(stage.onBehalfOf(over), token);

  test('of a person for this service is good', async () => {
    const { status, wrong } = await about(await userToken('alice'), {
      ENTRA_REQUIRED_SCOPE: 'access_as_user',
    });
    expect([status, wrong]).toEqual([0, []]);
  });

  test.each([
    ['of an application', 'reporter', {}, "an application's own: only a person's"],
    ['without scopes', 'alice', { claims: { scp: undefined } }, 'an ID token, or lacks scopes'],
    ['without the scope', 'alice', { scopes: ['other'] }, 'lacks the scope access_as_user'],
    ['for Graph', 'alice', { audience: 'https://graph.microsoft.com' }, 'for Microsoft Graph'],
    [
      'for Defender itself',
      'alice',
      { audience: 'https://api.securitycenter.microsoft.com' },
      'which AUTH_MODE=forward takes',
    ],
    ['that is old', 'alice', { expiresInSeconds: -90 }, 'has expired 1 minute ago'],
    [
      'of another tenant',
      'alice',
      { tenant: '0d9f51c4-41b7-4a52-8a5e-2f1e6f0a7c11' },
      'is not among ENTRA_ALLOWED_TENANTS',
    ],
    [
      "of another cloud's authority",
      'alice',
      { claims: { iss: 'https://login.microsoftonline.us/x/v2.0' } },
      'was issued by https://login.microsoftonline.us/x/v2.0 and not by',
    ],
  ])('%s is wrong, and why is said', async (_, name, options, words) => {
    const { status, wrong } = await about(await userToken(name, options), {
      ENTRA_REQUIRED_SCOPE: 'access_as_user',
    });
    expect(status).toBe(1);
    expect(wrong).toEqual([expect.stringContaining(words)]);
  });
});

describe('a file', () => {
  test.each([
    ['that is empty', '', 'is empty'],
    ['with a header', 'Bearer eyJ.eyJ.x', 'leave "Bearer" out'],
    ['with quotes', '"eyJ.eyJ.x"', 'without quotes'],
    ['with an opaque token', '0.AXoAcanary', 'is no JSON Web Token'],
    ['with an encrypted token', 'a.b.c.d.e', 'is encrypted'],
  ])('%s is wrong', async (_, text, words) => {
    const { status, wrong } = await stage.lookAtToken(stage.forward(), text);
    expect(status).toBe(1);
    expect(wrong).toEqual([expect.stringContaining(words)]);
  });

  test('that is not there is wrong', async () => {
    const { wrong } = await stage.look(stage.forward(), ['--token', '/no/such/file']);
    expect(wrong).toEqual([expect.stringContaining('can not be read')]);
  });
});
