import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { contosoTenantId } from './callers.ts';
import type { Caller, Callers } from './callers.ts';
import { defenderError } from './defenderErrors.ts';
import type { SigningKeys } from './signingKeys.ts';
import { defenderAudience } from './tokenIssuer.ts';

export interface Identity {
  readonly caller: Caller;
  /** Application and tenant, whose rate windows the call spends. */
  readonly budget: string;
}

const permissions = /(^|\s)Machine\.Read(Write)?(\.All)?(\s|$)/;

/** Who calls and at whose cost, by the bearer token; or the 401 or 403 that says why nobody does. */
export async function identify(
  request: IncomingMessage,
  keys: SigningKeys,
  callers: Callers,
  now: number,
): Promise<Identity | Answer> {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!token) return defenderError(401, 'No bearer token.');
  const claims = await keys.verify(token, now).catch(() => undefined);
  if (!claims) return defenderError(401, 'The token is malformed, expired or not ours.');
  if (claims.aud !== defenderAudience) return defenderError(403, 'The audience is wrong.');
  const caller = callers.withObjectId(String(claims['oid']));
  const tenant = String(claims['tid']);
  const granted = [claims['scp'], claims['roles']]
    .flat()
    .some((one) => permissions.test(String(one)));
  if (!caller || !granted || tenant !== (caller.tenantId ?? contosoTenantId)) {
    return defenderError(403, 'The application does not have any of the required permissions.');
  }
  return { caller, budget: `${String(claims['appid'])} ${tenant}` };
}
