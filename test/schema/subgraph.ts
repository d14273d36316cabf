import { parse, type DocumentNode } from 'graphql';
import { readFileSync } from 'node:fs';

export const USER_KEYS = ['id', 'userPrincipalName', 'id-requires-upn'] as const;

const PROJECT = new URL('../../', import.meta.url);
export const SCHEMA = new URL('schema/', PROJECT);

const read = (path: string, folder = PROJECT) => readFileSync(new URL(path, folder), 'utf8');

/** This subgraph's SDL, for one way in which a supergraph keys its User: as it is, or as it was in another folder. */
export function machinesSdl(userKey: (typeof USER_KEYS)[number], folder = SCHEMA): string {
  return `${read('machines.graphql', folder)}\n${read(`user/${userKey}.graphql`, folder)}`;
}

export function machinesTypeDefs(userKey: (typeof USER_KEYS)[number]): DocumentNode {
  return parse(machinesSdl(userKey));
}

export function directorySdl(userKey: (typeof USER_KEYS)[number]): string {
  return read(`examples/supergraph/directory/${userKey}.graphql`);
}
