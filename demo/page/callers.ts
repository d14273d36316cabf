import { randomUUID } from 'node:crypto';
import type { Emulator } from '../../emulator/emulator.ts';

/** Who can be chosen on the page. */
const CALLERS = [
  { name: 'alice', title: 'Alice, Berlin and Paris' },
  { name: 'bob', title: 'Bob, New York and Sydney' },
  { name: 'carol', title: 'Carol, all device groups' },
  { name: 'dave', title: 'Dave, without "View Data"' },
] as const;

const EIGHT_HOURS = { expiresInSeconds: 28_800 };

export interface PageCaller {
  readonly name: string;
  readonly title: string;
  /** What the caller may see: in words of the emulator, which the page shows beside what really came. */
  readonly sees: string;
}

export function pageCallers({ callers, estate }: Emulator): PageCaller[] {
  return CALLERS.map(({ name, title }) => {
    const { groups, viewData } = callers.named(name);
    const names = estate.groups.flatMap(({ id, name: group }) =>
      groups !== 'all' && groups.includes(id) && group !== null ? [group] : [],
    );
    const sees = !viewData ? 'nothing' : groups === 'all' ? 'every device group' : names.join(', ');
    return { name, title, sees };
  });
}

export function isPageCaller(name: string): boolean {
  return CALLERS.some((caller) => caller.name === name);
}

/**
 * A new token for this service, as a login authority would give it to a caller of the page. With `claims`, the person has met
 * the challenge.
 */
export async function tokenFor(
  { callers, issuer }: Emulator,
  name: string,
  claims?: string,
): Promise<string> {
  if (claims !== undefined) {
    const { requiredClaims, ...met } = callers.named(name);
    if (requiredClaims !== undefined) callers.add(met);
  }
  // As Entra's, no two are the same: one that was refused stays refused.
  return issuer.userToken(name, { ...EIGHT_HOURS, claims: { uti: randomUUID() } });
}
