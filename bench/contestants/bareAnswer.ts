import { createServer, type IncomingMessage } from 'node:http';
import type { Machine } from '../../src/machines/machine.ts';
import { announce, listen } from '../entities/child.ts';
import { DEVICES } from '../entities/operations.ts';
import { cached, DEFENDER_API_URL } from './lookup.ts';
import { withUndici } from './readMachines.ts';

export type AnswerBody = (authorization: string, body: string) => Promise<string | Buffer>;

interface AskedEntities {
  readonly query: string;
  readonly variables: { readonly representations: readonly { readonly id: string }[] };
}

/** A server without GraphQL, for the one operation that it knows. */
export async function serveBare(answer: AnswerBody): Promise<void> {
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => answer(request.headers.authorization ?? '', body))
      .then(
        (content) => {
          const length = Buffer.byteLength(content);
          response.writeHead(200, {
            'content-type': 'application/json; charset=utf-8',
            'content-length': length,
          });
          response.end(content);
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  announce(await listen(server));
}

/** Picks the selected fields by hand, from the same kind of cache as all others have. */
export function pickedByHand(): AnswerBody {
  const recalled = cached(withUndici(DEFENDER_API_URL));
  return async (authorization, body) => {
    const { query, variables } = JSON.parse(body) as AskedEntities;
    if (query !== DEVICES) throw new Error('Only one operation is known here');
    const users = new Map<string, Promise<object>>();
    for (const { id } of variables.representations) {
      if (!users.has(id)) users.set(id, recalled(authorization, authorization, id).then(picked));
    }
    const entities = await Promise.all(variables.representations.map(({ id }) => users.get(id)));
    return JSON.stringify({ data: { _entities: entities } });
  };
}

function picked(machines: readonly Machine[]): object {
  return {
    machines: machines.map((machine) => ({
      id: machine.id,
      computerDnsName: machine.computerDnsName,
      firstSeen: machine.firstSeen,
      lastSeen: machine.lastSeen,
      osPlatform: machine.osPlatform,
      version: machine.version,
      healthStatus: machine.healthStatus,
      riskScore: machine.riskScore,
      exposureLevel: machine.exposureLevel,
      rbacGroupName: machine.rbacGroupName,
      machineTags: machine.machineTags,
    })),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk;
  return body;
}
