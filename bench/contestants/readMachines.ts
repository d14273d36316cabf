import { Pool } from 'undici';
import { machineFrom, type Machine } from '../../src/machines/machine.ts';
import { userNameFrom } from '../../src/machines/userName.ts';
import { createVocabulary } from '../../src/machines/vocabulary.ts';

/** Makes the one REST call for a user, and maps what comes as this project does, so that answers can be compared. */
export type ReadMachines = (authorization: string, user: string) => Promise<readonly Machine[]>;

const word = createVocabulary({ warn: () => {} });

/** By the platform's own `fetch`, which is what most would take. */
export function withFetch(api: string): ReadMachines {
  return async (authorization, user) => {
    const response = await fetch(api + pathOf(user), { headers: { authorization } });
    if (!response.ok) throw new Error(`Defender answers ${response.status}`);
    return mapped(await response.json());
  };
}

/** By the same client as this project's. */
export function withUndici(api: string): ReadMachines {
  const pool = new Pool(api, { connections: 1_000, pipelining: 1 });
  return async (authorization, user) => {
    const request = { path: pathOf(user), method: 'GET', headers: { authorization } } as const;
    const { statusCode, body } = await pool.request(request);
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`Defender answers ${statusCode}`);
    return mapped(JSON.parse(text));
  };
}

function pathOf(user: string): string {
  return `/api/users/${encodeURIComponent(userNameFrom(user))}/machines`;
}

function mapped(list: unknown): readonly Machine[] {
  const { value } = list as { value: readonly unknown[] };
  return value
    .map((machine) => machineFrom(machine, word))
    .filter((machine) => machine !== undefined);
}
