import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serverAudits, type Audit, type AuditResult } from 'graphql-http';
import { openRoad, type Road } from '../road.ts';

const CSRF =
  'A GET is answered only with a header that no page of another origin can send: else it could ask with what a browser adds.';
const FAILED_AS_A_WHOLE =
  'Apollo Server says 400 of what is refused as a whole, whatever it answers in: routers read the errors in it, and whoever counts statuses sees it.';

/** Every audit of graphql-http that is not passed, and why. */
const NOT_PASSED: Readonly<Record<string, readonly [status: 'warn' | 'notice', why: string]>> = {
  '5A70': ['notice', CSRF],
  D6D5: ['notice', CSRF],
  '6A70': ['notice', CSRF],
  '572B': ['warn', FAILED_AS_A_WHOLE],
  FDE2: ['warn', FAILED_AS_A_WHOLE],
  '7B9B': ['warn', FAILED_AS_A_WHOLE],
};

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());

test('the server passes the audits of GraphQL over HTTP, but for those that are explained', async () => {
  const audits = serverAudits({ url: road.url, fetchFn: fetch });
  const results = new Map<Audit, AuditResult>();
  for (const audit of audits) results.set(audit, await audit.fn());
  const failed = [...results].filter(([, { status }]) => status !== 'ok');
  process.stdout.write(
    `GraphQL over HTTP: ${audits.length} audits, ${audits.length - failed.length} passed\n` +
      failed
        .map(([{ id, name }, { status }]) => `  ${id} ${status}: ${name}. ${NOT_PASSED[id]?.[1]}\n`)
        .join(''),
  );
  expect(Object.fromEntries(failed.map(([{ id }, { status }]) => [id, status]))).toEqual(
    Object.fromEntries(Object.entries(NOT_PASSED).map(([id, [status]]) => [id, status])),
  );
  expect(audits).toHaveLength(61);
});
