import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { jsonAnswer, send } from './answer.ts';
import type { Answer } from './answer.ts';
import { readBody } from './body.ts';
import { faultSchema, matchSchema } from './faults.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { TokenIssuer } from './tokenIssuer.ts';

export interface ControlParts {
  readonly faults: Readonly<Record<'api' | 'token' | 'keys', Faults>>;
  readonly issuer: TokenIssuer;
  readonly ledger: Ledger;
}

const scripted = z.object({
  on: z.enum(['api', 'token', 'keys']).default('api'),
  match: matchSchema.default({}),
  fault: faultSchema,
});
const wantedToken = z.object({
  caller: z.string(),
  /** `service`: a token meant for the service, to be exchanged. */
  audience: z.enum(['defender', 'service']).default('defender'),
  expiresInSeconds: z.number().int().optional(),
});

/** What one may ask of the emulator itself, over HTTP: the ledger, faults and tokens. */
export function controlRoute(parts: ControlParts) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname } = new URL(request.url ?? '', 'http://emulator');
    const action = actions[`${request.method} ${pathname}`];
    if (!action) return false;
    void readBody(request)
      .then((body) => action(parts, body))
      .catch((error: unknown) => jsonAnswer(400, { error: explained(error) }))
      .then((answer) => send(response, answer));
    return true;
  };
}

const actions: Readonly<
  Record<string, (parts: ControlParts, body: string) => Promise<Answer> | Answer>
> = {
  'GET /emulator/calls': ({ ledger }) => jsonAnswer(200, ledger),
  'DELETE /emulator/calls': ({ ledger }) => {
    ledger.reset();
    return jsonAnswer(200, ledger);
  },
  'POST /emulator/faults': ({ faults }, body) => {
    const { on, match, fault } = scripted.parse(JSON.parse(body));
    faults[on].next(match, fault);
    return jsonAnswer(201, { on, match, fault });
  },
  'DELETE /emulator/faults': ({ faults }) => {
    for (const some of Object.values(faults)) some.clear();
    return jsonAnswer(200, {});
  },
  'POST /emulator/tokens': async ({ issuer }, body) => {
    const { caller, audience, expiresInSeconds = 3_600 } = wantedToken.parse(JSON.parse(body));
    const token = await (audience === 'service'
      ? issuer.userToken(caller, { expiresInSeconds })
      : issuer.defenderToken(caller, { expiresInSeconds }));
    return jsonAnswer(201, { token });
  },
};

function explained(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : 'The request could not be understood';
}
