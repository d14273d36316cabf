import { parse, type DocumentNode } from 'graphql';
import { readFileSync } from 'node:fs';

export const USER_KEYS = ['id', 'userPrincipalName', 'id-requires-upn'] as const;

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** This subgraph's SDL, for one way in which a supergraph keys its User. */
export function machinesSdl(userKey: (typeof USER_KEYS)[number]): string {
  return `${read('schema/machines.graphql')}\n${read(`schema/user/${userKey}.graphql`)}`;
}

export function machinesTypeDefs(userKey: (typeof USER_KEYS)[number]): DocumentNode {
  return parse(machinesSdl(userKey));
}

export function directorySdl(userKey: (typeof USER_KEYS)[number]): string {
  return read(`examples/supergraph/directory/${userKey}.graphql`);
}
