import { decodeJwt, errors } from 'jose';
import type { JWTPayload } from 'jose';
import { contosoTenantId } from './callers.ts';
import type { Caller } from './callers.ts';
import type { EntraError } from './entraErrors.ts';
import type { SigningKeys } from './signingKeys.ts';
import { defenderAudience } from './tokenIssuer.ts';
import type { IssuerParts } from './tokenIssuer.ts';

/** Whom the exchanged token is for, and what it may do. */
export interface Grant {
  readonly caller: Caller;
  readonly scope: string;
}

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const identityScopes = new Set(['openid', 'profile', 'email', 'offline_access']);
const delegatedPermissions = ['Machine.Read', 'Machine.ReadWrite'];

/** Decides an on-behalf-of request as Entra does: who asks, then whether the assertion is good, then what is asked for. */
export async function decideOnBehalfOf(
  parts: IssuerParts,
  tenant: string,
  form: URLSearchParams,
): Promise<Grant | EntraError> {
  return (await refuseClient(parts, tenant, form)) ?? decideAssertion(parts, tenant, form);
}

async function refuseClient(
  { application, authority, callers, now }: IssuerParts,
  tenant: string,
  form: URLSearchParams,
): Promise<EntraError | undefined> {
  if (!callers.hasTenant(tenant)) {
    return { error: 'invalid_request', code: 90002, message: `Tenant '${tenant}' not found.` };
  }
  for (const field of ['grant_type', 'client_id', 'assertion', 'scope', 'requested_token_use']) {
    if (form.get(field)) continue;
    const message = `The request body must contain the following parameter: '${field}'.`;
    return { error: 'invalid_request', code: 900144, message };
  }
  if (form.get('grant_type') !== grantType || form.get('requested_token_use') !== 'on_behalf_of') {
    const message = 'The app requested an unsupported grant type.';
    return { error: 'unsupported_grant_type', code: 70003, message };
  }
  if (form.get('client_id') !== application.clientId) {
    const message = 'Application with that identifier was not found in the directory.';
    return { error: 'unauthorized_client', code: 700016, message };
  }
  const endpoint = `${authority}/${tenant}/oauth2/v2.0/token`;
  const refused = await application.refuse(form, endpoint, now());
  return refused && { status: 401, error: 'invalid_client', ...refused };
}

async function decideAssertion(
  { application, authority, callers, keys, now }: IssuerParts,
  tenant: string,
  form: URLSearchParams,
): Promise<Grant | EntraError> {
  const assertion = await verified(form.get('assertion') ?? '', keys, now());
  if ('error' in assertion) return assertion;
  const { claims } = assertion;
  const { clientId } = application;
  if (claims.aud !== clientId && claims.aud !== `api://${clientId}`) {
    return invalidGrant(500131, 'Assertion audience does not match the Client app.');
  }
  const issuers = [`${authority}/${tenant}/v2.0`, `https://sts.windows.net/${tenant}/`];
  if (claims['tid'] !== tenant || !issuers.includes(claims.iss ?? '')) {
    return invalidGrant(50013, 'The assertion was issued by another tenant.');
  }
  const caller = callers.withObjectId(String(claims['oid']));
  if (!caller || (caller.tenantId ?? contosoTenantId) !== tenant) {
    return invalidGrant(50034, 'The user account does not exist in the directory.');
  }
  if (caller.kind === 'application' || !claims['scp']) {
    return invalidGrant(7000114, 'Application is not allowed to make on-behalf-of calls.');
  }
  const scope = grantedScope(form.get('scope') ?? '');
  if (typeof scope !== 'string') return scope;
  if (caller.consented === false) {
    const message = 'The user or administrator has not consented to use the application.';
    return { ...invalidGrant(65001, message), suberror: 'consent_required' };
  }
  if (caller.requiredClaims && !asksFor(form.get('claims'), caller.requiredClaims)) {
    return {
      error: 'interaction_required',
      code: 50076,
      message: 'You must use multi-factor authentication to access the resource.',
      suberror: 'basic_action',
      claims: caller.requiredClaims,
    };
  }
  return { caller, scope };
}

async function verified(
  assertion: string,
  keys: SigningKeys,
  now: number,
): Promise<{ claims: JWTPayload } | EntraError> {
  try {
    return { claims: await keys.verify(assertion, now) };
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
      return invalidGrant(500133, 'Assertion is not within its valid time range.');
    }
    try {
      decodeJwt(assertion);
    } catch {
      return { error: 'invalid_request', code: 50027, message: 'JWT token is malformed.' };
    }
    return invalidGrant(50013, 'Assertion failed signature validation.');
  }
}

/** The scopes that the token will have, or why it won't come. */
function grantedScope(scope: string): string | EntraError {
  const asked = scope.split(' ').filter((one) => one && !identityScopes.has(one));
  const foreign = asked.find((one) => !one.startsWith(`${defenderAudience}/`));
  if (foreign !== undefined || asked.length === 0) {
    const message = `The resource principal named ${foreign ?? ''} was not found in the tenant.`;
    return { error: 'invalid_resource', code: 500011, message };
  }
  const names = asked.map((one) => one.slice(defenderAudience.length + 1).replace(/^\//, ''));
  if (names.every((name) => name === '.default')) return 'Machine.Read';
  if (names.some((name) => !delegatedPermissions.includes(name))) {
    return { error: 'invalid_scope', code: 70011, message: 'The scope is not valid.' };
  }
  return names.join(' ');
}

/** Whether the request's claims hold everything that was required. Both are JSON texts. */
function asksFor(asked: string | null, required: string): boolean {
  try {
    return contains(JSON.parse(asked ?? ''), JSON.parse(required));
  } catch {
    return false;
  }
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null) return false;
  const values = new Map<string, unknown>(Object.entries(whole));
  return Object.entries(part).every(([key, value]) => contains(values.get(key), value));
}

function invalidGrant(code: number, message: string): EntraError {
  return { error: 'invalid_grant', code, message };
}
