import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import type { DirectoryKey } from './directory.ts';

export interface SupergraphOptions {
  /** How the supergraph keys its User: USER_KEY of the machines. */
  readonly userKey: DirectoryKey;
  /** Where the router finds each subgraph. */
  readonly urls: { readonly directory: string; readonly machines: string };
}

/** The SDL of a supergraph of the directory and the machines, as a router takes it. Throws where they don't compose. */
export function composeSupergraph({ userKey, urls }: SupergraphOptions): string {
  const { supergraphSdl, errors } = composeServices([
    {
      name: 'directory',
      url: urls.directory,
      typeDefs: parse(read(`directory/${userKey}.graphql`)),
    },
    {
      name: 'machines',
      url: urls.machines,
      typeDefs: parse(
        read('../../schema/machines.graphql') + read(`../../schema/user/${userKey}.graphql`),
      ),
    },
  ]);
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
