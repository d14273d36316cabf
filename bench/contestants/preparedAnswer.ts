import { pickedByHand, serveBare } from './bareAnswer.ts';

/** By the caller's header, then by the whole body: what was answered once is sent again as it was. */
const prepared = new Map<string, Map<string, Buffer>>();
const prepare = pickedByHand();

await serveBare(async (authorization, body) => {
  const known = prepared.get(authorization)?.get(body);
  if (known) return known;
  const answer = Buffer.from(await prepare(authorization, body));
  const ofCaller = prepared.get(authorization) ?? new Map<string, Buffer>();
  prepared.set(authorization, ofCaller.set(body, answer));
  return answer;
});
