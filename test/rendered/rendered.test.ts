import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { Identity } from '../../src/auth/caller.ts';
import { createForward } from '../../src/auth/forward.ts';
import { Failure } from '../../src/errors.ts';
import { machineOf } from '../machines/anyMachine.ts';
import { ask, isExecuted, learn, open, QUERY } from './asking.ts';
import { representations } from './setting.ts';

describe('an answer that was given before', () => {
  test('is joined from what is kept of each user, in any order and number', async () => {
    const road = await open();
    await learn(road, ['user1', 'user2', 'user3']);
    const executed = road.executed();
    const { json, status, cacheControl, contentType } = await ask(road, [
      'user3',
      'user1',
      'user3',
    ]);
    expect(road.executed()).toBe(executed);
    expect(json).toEqual({
      data: {
        _entities: ['user3', 'user1', 'user3'].map((id) => ({
          id,
          machines: ['1', '2'].map((n) => ({ id: `${id}-${n}`, rbacGroupName: 'alice' })),
          machineCount: 2,
        })),
      },
    });
    expect({ status, cacheControl, contentType }).toEqual({
      status: 200,
      cacheControl: 'max-age=300, private',
      contentType: 'application/json; charset=utf-8',
    });
    expect(road.calls).toHaveLength(3);
  });

  test('tells how long it still may be kept', async () => {
    const road = await open();
    await learn(road, ['user1']);
    road.clock.advance(100_500);
    expect(await ask(road, ['user1'])).toMatchObject({ cacheControl: 'max-age=199, private' });
  });

  test('repeats the key as it was written', async () => {
    const road = await open();
    await learn(road, ['user1']);
    expect(await isExecuted(road, () => ask(road, ['USER1@contoso.com']))).toBe(true);
    const before = road.executed();
    const answers = [await ask(road, ['USER1@contoso.com']), await ask(road, ['user1'])];
    expect(road.executed()).toBe(before);
    expect(answers.map(({ text }) => /"id":"([^"]+)","machines"/.exec(text)?.[1])).toEqual([
      'USER1@contoso.com',
      'user1',
    ]);
    expect(road.calls).toHaveLength(1);
  });

  test('is one for each set of variables', async () => {
    const road = await open();
    const variables = { representations: representations('user1'), first: 1 };
    await learn(road, ['user1']);
    const executed = road.executed();
    const answers = [];
    for (const first of [1, 0, 1, 0]) {
      answers.push(await road.post({ query: QUERY, variables: { ...variables, first } }));
    }
    expect(road.executed()).toBe(executed + 2);
    expect(answers[2]?.json).toEqual(answers[0]?.json);
    expect(answers[3]?.json).toEqual(answers[1]?.json);
    expect(answers[0]?.json).not.toEqual(answers[1]?.json);
  });

  test('can hold several lists of entities', async () => {
    const road = await open();
    const body = {
      query: `query Both($a: [_Any!]!, $b: [_Any!]!) {
        one: _entities(representations: $a) { ... on User { id machineCount } }
        two: _entities(representations: $b) { ... on User { machines { id } } }
      }`,
      operationName: 'Both',
      variables: { a: representations('user1'), b: representations('user2', 'user1') },
    };
    const [, second] = [await road.post(body), await road.post(body)];
    const executed = road.executed();
    expect((await road.post(body)).json).toEqual(second.json);
    expect(road.executed()).toBe(executed);
  });

  test('that tells fresh from remembered is not kept until it is remembered', async () => {
    const road = await open();
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on User { machinesFreshness { source } } }
    }`;
    const sources = [];
    for (const ids of [['user1'], ['user2'], ['user2'], ['user2']]) {
      const { text } = await road.post({
        query,
        variables: { representations: representations(...ids) },
      });
      sources.push(/LIVE|CACHE/.exec(text)?.[0]);
    }
    expect(sources).toEqual(['LIVE', 'LIVE', 'CACHE', 'CACHE']);
    expect(road.executed()).toBe(3);
  });

  test('has the Content-Type that was chosen for the same Accept', async () => {
    const road = await open();
    const accept = 'application/graphql-response+json, application/json;q=0.9';
    await learn(road, ['user1']);
    expect(await isExecuted(road, () => ask(road, ['user1'], { accept }))).toBe(true);
    const executed = road.executed();
    expect(await ask(road, ['user1'], { accept })).toMatchObject({
      contentType: 'application/graphql-response+json; charset=utf-8',
    });
    expect(await ask(road, ['user1'])).toMatchObject({
      contentType: 'application/json; charset=utf-8',
    });
    expect(road.executed()).toBe(executed);
  });

  test('is renewed behind the back of who asks before it grows old', async () => {
    const road = await open();
    await learn(road, ['user1']);
    road.clock.advance(240_000);
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(false);
    expect(road.calls).toEqual(['interactive', 'spare']);
  });
});

describe('what is kept is never shown', () => {
  test('to another token', async () => {
    const road = await open();
    await learn(road, ['user1']);
    const { text } = await ask(road, ['user1'], { authorization: 'Bearer bob' });
    expect(text).toContain('"rbacGroupName":"bob"');
    expect(text).not.toContain('alice');
    expect(road.calls).toHaveLength(2);
  });

  test('to another who asks while its own answer is not yet read', async () => {
    const machines = new Map(
      ['alice', 'bob'].map((rbacGroupName) => [
        rbacGroupName,
        Array.from({ length: 400 }, (_, id) => machineOf({ id: `${id}`, rbacGroupName })),
      ]),
    );
    const road = await open({ upstream: (token) => machines.get(token) ?? null });
    const ids = Array.from({ length: 8 }, (_, n) => `user${n}`);
    const asBob = { authorization: 'Bearer bob' };
    await learn(road, ids);
    await learn(road, ids, asBob);
    const body = JSON.stringify({
      query: QUERY,
      variables: { representations: representations(...ids) },
    });
    const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    const own = `authorization: Bearer alice\r\ncontent-length: ${body.length}\r\n\r\n`;
    const socket = connect(road.port, '127.0.0.1');
    socket.pause();
    for (let n = 0; n < 60; n += 1) socket.write(`${head}${own}${body}`);
    for (let n = 0; n < 40; n += 1) {
      expect((await ask(road, ids, asBob)).text).not.toContain('alice');
    }
    let text = '';
    socket.on('data', (data) => (text += String(data)));
    socket.resume();
    while (text.split('"machineCount":400}]}}').length <= 60) await new Promise(setImmediate);
    socket.destroy();
    expect(text).toContain('alice');
    expect(text.includes('bob')).toBe(false);
  });

  test('without a token', async () => {
    const road = await open();
    await learn(road, ['user1']);
    const { json } = await ask(road, ['user1'], { authorization: '' });
    expect(json).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }, {}] });
  });

  test('once Defender has turned the caller away', async () => {
    let isForbidden = false;
    const road = await open({
      upstream: (_token, userName) => {
        if (isForbidden && userName === 'user2') throw new Failure('FORBIDDEN', 'No.');
        return [machineOf({ id: userName })];
      },
    });
    await learn(road, ['user1']);
    isForbidden = true;
    await ask(road, ['user2']);
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(true);
  });

  test('after its time, nor after the token of who saw it', async () => {
    const road = await open();
    const exp = Math.floor(road.clock.now() / 1_000) + 60;
    const claims = Buffer.from(JSON.stringify({ exp })).toString('base64url');
    const authorization = `Bearer e30.${claims}.AAAA`;
    await learn(road, ['user1'], { authorization });
    await learn(road, ['user1']);
    road.clock.advance(59_999);
    expect(await isExecuted(road, () => ask(road, ['user1'], { authorization }))).toBe(false);
    road.clock.advance(1);
    expect(await isExecuted(road, () => ask(road, ['user1'], { authorization }))).toBe(true);
    road.clock.advance(239_999);
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(false);
    road.clock.advance(1);
    await ask(road, ['user1']);
    expect(road.executed()).toBeGreaterThan(0);
  });

  test('once the user has been read again', async () => {
    let id = 'before';
    const road = await open({ upstream: () => [machineOf({ id })] });
    await learn(road, ['user1']);
    id = 'after';
    road.clock.advance(240_000);
    await ask(road, ['user1']);
    await new Promise(setImmediate);
    expect((await ask(road, ['user1'])).text).toContain('after');
    expect((await ask(road, ['user1'])).text).toContain('after');
  });

  test('to a token that was not let through itself, where several have the same rights', async () => {
    const admitted = new Set(['alice']);
    const forward = createForward();
    const isAdmitted = (authorization?: string) => admitted.has(authorization?.slice(7) ?? '');
    const partition = 'one-person';
    const identity: Identity = {
      authenticate: async (authorization) => ({
        ...(await forward.authenticate(authorization)),
        partition,
        admit: async () => {
          if (isAdmitted(authorization)) return undefined;
          throw new Failure('UNAUTHENTICATED', 'No.');
        },
      }),
      recognize: (authorization) => {
        const caller = forward.recognize(authorization);
        return caller && isAdmitted(authorization) ? { ...caller, partition } : undefined;
      },
    };
    const road = await open({ identity });
    await learn(road, ['user1']);
    const theirs = { authorization: 'Bearer other' };
    expect((await ask(road, ['user1'], theirs)).text).toContain('UNAUTHENTICATED');
    admitted.add('other');
    expect(await isExecuted(road, () => ask(road, ['user1'], theirs))).toBe(false);
  });
});

describe('the ordinary road answers', () => {
  const bodyOf = (variables: object, query = QUERY) => ({ query, variables });

  test.each([
    ['a user of whom nothing is kept', ['user1', 'user9']],
    ['a user whose name can not be', ['user1', '..']],
    ['no user at all', []],
  ])('%s', async (_, ids) => {
    const road = await open();
    await learn(road, ['user1']);
    await ask(road, ids);
    expect(await isExecuted(road, () => ask(road, ids))).toBe(ids.length !== 2 || ids[1] === '..');
  });

  test.each<[string, object[] | object]>([
    ['one of another type', [{ __typename: 'Machine', id: 'user1' }]],
    ['one without a type', [{ id: 'user1' }]],
    ['one whose key is a number', [{ __typename: 'User', id: 1 }]],
    [
      'one with the key of another federation',
      [{ __typename: 'User', id: 'user1', userPrincipalName: 'user2' }],
    ],
    ['one that is not in a list', { __typename: 'User', id: 'user1' }],
    ['nothing', [null]],
  ])('a representation that is %s', async (_, given) => {
    const road = await open();
    await learn(road, ['user1']);
    const asked = () => road.post(bodyOf({ representations: given }));
    await asked();
    expect(await isExecuted(road, asked)).toBe(true);
  });

  test.each([
    ['a trace is asked for', {}, { 'apollo-federation-include-trace': 'ftv1' }],
    ['there are extensions', { extensions: { persistedQuery: {} } }, {}],
    ['the operation has a name that the document has not', { operationName: 'Other' }, {}],
    ['the document differs by a space', { query: `${QUERY} ` }, {}],
    ['the answer would be of a type that is not there', {}, { accept: 'image/png' }],
  ])('where %s', async (_, more, headers) => {
    const road = await open();
    await learn(road, ['user1']);
    const body = { ...bodyOf({ representations: representations('user1') }), ...more };
    expect(await isExecuted(road, () => road.post(body, headers))).toBe(true);
  });

  test('a request for more users than one may name', async () => {
    const road = await open({ maxUsersPerRequest: 2 });
    await learn(road, ['user1', 'user2']);
    expect((await ask(road, ['user1', 'user2', 'user1'])).text).toContain('BAD_USER_INPUT');
  });

  test('a request for more fields of users than one may ask for', async () => {
    const road = await open({ maxUsersPerRequest: 200 });
    const aliases = Array.from({ length: 11 }, (_, n) => `a${n}: machineCount`).join(' ');
    const query = QUERY.replace('machineCount', aliases);
    const few = bodyOf({ representations: representations('user1') }, query);
    await road.post(few);
    await road.post(few);
    expect(await isExecuted(road, () => road.post(few))).toBe(false);
    const many = bodyOf({ representations: Array(200).fill(representations('user1')[0]) }, query);
    expect((await road.post(many)).text).toContain('fields of users');
  });
});
