import type { Road } from '../road.ts';

let strangers = 0;

/**
 * A token of a caller of the emulator under an application that has never called before: nothing is cached for it, and
 * its budget is whole. So tests that share a road do not meet.
 */
export function strangerOn(road: Road, name = 'carol'): Promise<string> {
  strangers += 1;
  return road.defender.issuer.defenderToken(name, {
    claims: { appid: `application-${strangers}` },
  });
}
