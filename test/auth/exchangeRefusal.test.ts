import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../emulator/callers.ts';
import type { Fault } from '../../emulator/faults.ts';
import type { OnBehalfOfOptions } from '../../src/auth/onBehalfOf.ts';
import { DEFENDER, PATIENT, startStage, type Stage, type TokenOptions } from './setting.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.emulator.close());
beforeEach(() => stage.reset());

const MFA = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}';
const MFA_BASE64 = Buffer.from(MFA).toString('base64');
const CAE = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const CAE_BASE64 = Buffer.from(CAE).toString('base64');

const exchanges = () => stage.emulator.ledger.exchanges;
const correlationId: unknown = expect.stringMatching(/^[\da-f-]{36}$/);

function person(traits: Partial<Caller>): string {
  stage.emulator.callers.add({ name: 'mia', groups: [1], viewData: true, ...traits });
  return 'mia';
}

async function asking(
  over: Partial<OnBehalfOfOptions> = {},
  name = 'alice',
  options: TokenOptions = {},
) {
  const subject = stage.subject(over);
  const caller = await subject.authenticate(await stage.token(options, name));
  return {
    ...subject,
    ask: () => caller.defenderToken(PATIENT),
    answer: (challenge: string) => caller.answerChallenge?.(PATIENT, challenge),
  };
}

describe('when the authority refuses', () => {
  const described = 'AADSTS50076: someone@contoso.com must use MFA.';
  const answering = (body: object): Fault => ({
    kind: 'status',
    status: 400,
    body: { error_description: described, ...body },
  });
  type Refused = {
    over?: Partial<OnBehalfOfOptions>;
    traits?: Partial<Caller>;
    options?: TokenOptions;
    fault?: Fault;
    details?: object;
    message: RegExp;
  };
  const claims = { claims: MFA_BASE64 };
  test.each<[string, Refused]>([
    [
      'for want of MFA',
      {
        traits: { requiredClaims: MFA },
        details: { ...claims, correlationId },
        message: /sign in again/,
      },
    ],
    [
      'for want of MFA, as a sub-error',
      {
        fault: answering({ error: 'invalid_grant', suberror: 'basic_action', claims: MFA }),
        details: claims,
        message: /sign in again/,
      },
    ],
    [
      'with claims, by a code of its own',
      {
        fault: answering({ error: 'access_denied', claims: MFA }),
        details: claims,
        message: /sign in again/,
      },
    ],
    [
      'with claims that are no JSON',
      {
        fault: answering({ error: 'interaction_required', claims: described }),
        message: /sign in again/,
      },
    ],
    [
      'for want of consent',
      { traits: { consented: false }, details: { correlationId }, message: /consent/ },
    ],
    [
      'for want of consent, by its own code',
      { fault: answering({ error: 'consent_required' }), message: /consent/ },
    ],
    [
      'an outlived assertion',
      {
        options: { expiresInSeconds: -30 },
        details: { correlationId },
        message: /Acquire a new one/,
      },
    ],
    [
      "this service's secret",
      {
        over: { credential: { kind: 'secret', secret: 'sesame' } },
        details: { correlationId },
        message: /operator has to act/,
      },
    ],
    [
      'the scope',
      {
        over: { scope: `${DEFENDER}/Nothing` },
        details: { correlationId },
        message: /operator has to act/,
      },
    ],
    [
      'with ids that are sentences',
      {
        fault: answering({
          error: 'invalid_grant',
          suberror: described,
          error_codes: [described],
          correlation_id: described,
        }),
        message: /Acquire a new one/,
      },
    ],
  ])('%s, it is UNAUTHENTICATED, and no text of the authority gets out', async (_, refused) => {
    const { over, traits, options, fault, details = {}, message } = refused;
    const name = traits ? person(traits) : 'alice';
    if (fault) stage.emulator.tokenFaults.next({}, fault);
    const { ask, lines } = await asking(over, name, options);
    const error: unknown = await ask().catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(message),
    });
    expect(error).toHaveProperty('details', details);
    const { cause, message: text, stack } = Object(error);
    const shown = JSON.stringify([error, text, stack, cause?.message, cause?.stack, lines]);
    expect(shown).not.toMatch(/AADSTS|contoso\.com|sesame|eyJ0eXAi|eyJhbGci/);
    expect(lines.join('')).toMatch(/exchange refused/);
  });

  test('it is remembered for 30 seconds, and for that token alone', async () => {
    const { ask, authenticate, clock } = await asking({}, person({ requiredClaims: MFA }));
    const expected = { code: 'UNAUTHENTICATED', details: { claims: MFA_BASE64 } };
    await expect(ask()).rejects.toMatchObject(expected);
    person({});
    clock.advance(29_999);
    await expect(ask()).rejects.toMatchObject(expected);
    expect(exchanges().total).toBe(1);
    const renewed = await authenticate(await stage.token({ claims: { acrs: ['c1'] } }, 'mia'));
    await expect(renewed.defenderToken(PATIENT)).resolves.toMatch(/^ey/);
    clock.advance(1);
    await expect(ask()).resolves.toMatch(/^ey/);
  });

  test('it is an error in the log where the operator has to act, and a note otherwise', async () => {
    const mine = await asking({ scope: `${DEFENDER}/Nothing` });
    const theirs = await asking({}, person({ consented: false }));
    await Promise.allSettled([mine.ask(), theirs.ask()]);
    expect(JSON.parse(mine.lines[0] ?? '')).toMatchObject({
      level: 50,
      reason: 'invalid_scope 70011',
    });
    expect(JSON.parse(theirs.lines[0] ?? '')).toMatchObject({
      level: 30,
      reason: 'invalid_grant consent_required 65001',
    });
  });
});

describe('a claims challenge', () => {
  test('is answered by another exchange with its claims, whose token then serves all', async () => {
    const { ask, answer, clock } = await asking({}, person({}));
    const challenged = await ask();
    clock.advance(1_000);
    person({ requiredClaims: CAE });
    const answered = await answer(CAE_BASE64);
    expect(answered).not.toBe(challenged);
    expect(await ask()).toBe(answered);
    expect(exchanges().total).toBe(2);
  });

  test('in the alphabet of URLs is the same one', async () => {
    const odd = '{"access_token":{"text":{"value":"ÿ?~ÿ>"}}}';
    const { answer } = await asking({}, person({ requiredClaims: odd }));
    await expect(answer(Buffer.from(odd).toString('base64url'))).resolves.toMatch(/^ey/);
  });

  test('costs one exchange for all who meet it', async () => {
    const { answer } = await asking();
    await Promise.all([answer(CAE_BASE64), answer(CAE_BASE64)]);
    await answer(CAE_BASE64);
    expect(exchanges().total).toBe(1);
  });

  test('that the authority does not meet reaches the client with its claims', async () => {
    const { answer } = await asking({}, person({ consented: false }));
    const expected = { code: 'UNAUTHENTICATED', details: { claims: CAE_BASE64, correlationId } };
    await expect(answer(CAE_BASE64)).rejects.toMatchObject(expected);
    await expect(answer(CAE_BASE64)).rejects.toMatchObject(expected);
    expect(exchanges().total).toBe(1);
  });

  test('that the authority answers with claims of its own reaches the client with those', async () => {
    const { answer } = await asking({}, person({ requiredClaims: MFA }));
    await expect(answer(CAE_BASE64)).rejects.toMatchObject({ details: { claims: MFA_BASE64 } });
  });

  test.each(['', 'bm8ganNvbg==', 'W10='])('that is none (%j) asks nobody', async (challenge) => {
    const { answer } = await asking();
    await expect(answer(challenge)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(exchanges().total).toBe(0);
  });

  test('is asked for by the capability that the operator declares, and by it alone', async () => {
    const capable = '{"access_token":{"xms_cc":{"values":["CP1"]}}}';
    const name = person({ requiredClaims: capable });
    await expect((await asking({}, name)).ask()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const declared = await asking({ clientCapabilities: ['CP1'] }, name);
    await expect(declared.ask()).resolves.toMatch(/^ey/);
    const both = JSON.stringify({
      access_token: { ...JSON.parse(CAE).access_token, ...JSON.parse(capable).access_token },
    });
    person({ requiredClaims: both });
    await expect(declared.answer(CAE_BASE64)).resolves.toMatch(/^ey/);
  });
});
