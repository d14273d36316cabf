import type { Emulator } from './emulator.ts';

/** What on-behalf-of mode needs to exchange tokens at the emulator. */
export function onBehalfOfAt({ url, application, issuer }: Emulator): Record<string, string> {
  return {
    AUTH_MODE: 'on-behalf-of',
    DEFENDER_CLOUD: 'global',
    ENTRA_AUTHORITY_URL: url,
    ENTRA_CLIENT_ID: application.clientId,
    ENTRA_CLIENT_SECRET: application.clientSecret,
    ENTRA_TENANT_ID: issuer.tenantId,
  };
}
