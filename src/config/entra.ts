import { z } from 'zod';
import type { ClientCredential } from '../auth/exchangeCredential.ts';
import type { Cloud } from '../clouds.ts';
import { isGuid, listOf, origin } from './rules.ts';
import type { Given } from './secretFiles.ts';

/** What on-behalf-of mode is configured with; without it, none of these may be set wrongly either. */
export const entraVariables = {
  DEFENDER_SCOPE: z
    .string()
    .regex(/^[\w.]+$/, 'must be a permission such as Machine.Read')
    .default('Machine.Read'),
  DEFENDER_TOKEN_AUDIENCE: z
    .url('must be the URI of the resource that Defender tokens name')
    .optional(),
  ENTRA_ALLOWED_TENANTS: listOf(
    isGuid,
    'must be tenant ids (GUIDs) with commas between them',
  ).optional(),
  ENTRA_AUDIENCE: listOf(
    (text) => text !== '',
    'must be audiences with commas between them',
  ).optional(),
  ENTRA_AUTHORITY_URL: origin().optional(),
  ENTRA_CERTIFICATE: z.string().optional(),
  ENTRA_CERTIFICATE_KEY: z.string().optional(),
  ENTRA_CLIENT_CAPABILITIES: listOf(
    (text) => /^\w+$/.test(text),
    'must be capabilities such as CP1',
  ).optional(),
  ENTRA_CLIENT_ID: z
    .string()
    .refine(isGuid, 'must be the application (client) id, a GUID')
    .optional(),
  ENTRA_CLIENT_SECRET: z.string().optional(),
  ENTRA_FEDERATED_TOKEN_FILE: z.string().optional(),
  ENTRA_REQUIRED_SCOPE: z.string().optional(),
  ENTRA_TENANT_ID: z
    .string()
    .refine(isGuid, 'must be the directory (tenant) id, a GUID')
    .optional(),
};

export const ENTRA_SECRETS = ['ENTRA_CLIENT_SECRET', 'ENTRA_CERTIFICATE', 'ENTRA_CERTIFICATE_KEY'];

const CREDENTIAL_RULE =
  'on-behalf-of needs exactly one of ENTRA_CLIENT_SECRET, ENTRA_CERTIFICATE with ENTRA_CERTIFICATE_KEY, and ENTRA_FEDERATED_TOKEN_FILE';

/** What is wrong with the variables of on-behalf-of mode together, each of which may be right. */
export function wrongInEntra(given: Given): string[] {
  if (given.AUTH_MODE !== 'on-behalf-of') return [];
  const problems: string[] = [];
  if (given.DEFENDER_CLOUD === undefined) {
    problems.push(
      'DEFENDER_CLOUD is missing: on-behalf-of takes the login authority and the token audience from it',
    );
  }
  for (const name of ['ENTRA_CLIENT_ID', 'ENTRA_TENANT_ID']) {
    if (given[name] === undefined) problems.push(`${name} is missing and must be a GUID`);
  }
  const isKeyed =
    given.ENTRA_CERTIFICATE !== undefined || given.ENTRA_CERTIFICATE_KEY !== undefined;
  const credentials = [
    given.ENTRA_CLIENT_SECRET !== undefined,
    isKeyed,
    given.ENTRA_FEDERATED_TOKEN_FILE !== undefined,
  ];
  if (credentials.filter(Boolean).length !== 1) problems.push(CREDENTIAL_RULE);
  if (
    isKeyed &&
    (given.ENTRA_CERTIFICATE === undefined || given.ENTRA_CERTIFICATE_KEY === undefined)
  ) {
    problems.push('ENTRA_CERTIFICATE and ENTRA_CERTIFICATE_KEY must both be set');
  }
  return problems;
}

type EntraVariables = z.infer<z.ZodObject<typeof entraVariables>>;

/** Of variables that passed `wrongInEntra`. */
export function onBehalfOf(data: EntraVariables, cloud: Cloud) {
  const { ENTRA_CLIENT_ID: clientId = '', ENTRA_TENANT_ID: tenantId = '' } = data;
  const resource = data.DEFENDER_TOKEN_AUDIENCE ?? cloud.tokenAudience;
  return {
    mode: 'on-behalf-of' as const,
    clientId,
    allowedTenants: data.ENTRA_ALLOWED_TENANTS ?? [tenantId],
    audiences: data.ENTRA_AUDIENCE ?? [clientId, `api://${clientId}`],
    requiredScope: data.ENTRA_REQUIRED_SCOPE,
    authority: data.ENTRA_AUTHORITY_URL ?? cloud.authority,
    scope: `${resource.replace(/\/$/, '')}/${data.DEFENDER_SCOPE}`,
    credential: credentialOf(data),
    clientCapabilities: data.ENTRA_CLIENT_CAPABILITIES,
  };
}

function credentialOf(data: EntraVariables): ClientCredential {
  const { ENTRA_CLIENT_SECRET: secret, ENTRA_FEDERATED_TOKEN_FILE: tokenFile } = data;
  if (secret !== undefined) return { kind: 'secret', secret };
  if (tokenFile !== undefined) return { kind: 'federated', tokenFile };
  const { ENTRA_CERTIFICATE: certificate = '', ENTRA_CERTIFICATE_KEY: privateKey = '' } = data;
  return { kind: 'certificate', certificate, privateKey };
}
