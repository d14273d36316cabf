import { createLoginHost } from '../auth/loginHost.ts';
import { ok, wrong, type Finding } from './finding.ts';
import { clockFindings, whyNot, type Way } from './reach.ts';

/** Fetches the signing keys of each tenant, as the service does before it lets anybody in. */
export async function reachLogin(
  authority: string,
  tenantIds: readonly string[],
  way: Way,
): Promise<Finding[]> {
  const loginHost = createLoginHost(authority, way.dispatcher);
  const { host } = new URL(authority);
  const findings: Finding[] = [];
  for (const tenantId of tenantIds) {
    try {
      const { status, headers, text } = await loginHost(
        `${authority}/${tenantId}/discovery/v2.0/keys`,
        { method: 'GET', headers: {}, signal: AbortSignal.timeout(way.timeoutMilliseconds) },
      );
      findings.push(keysFinding(host, tenantId, status, text));
      if (findings.length === 1) {
        findings.push(...clockFindings(host, headers['date'] ?? '', way.now()));
      }
    } catch (error) {
      return [...findings, wrong(`The login authority: ${host} ${whyNot(error)}`)];
    }
  }
  return findings;
}

function keysFinding(host: string, tenantId: string, status: number, text: string): Finding {
  const keys = status === 200 ? keysIn(text) : 0;
  if (keys > 0) {
    return ok(`The login authority ${host} publishes ${keys} signing keys of tenant ${tenantId}.`);
  }
  if (status >= 400 && status < 500) {
    return wrong(
      `The login authority ${host} does not know tenant ${tenantId} (status ${status}): see ENTRA_TENANT_ID and ENTRA_ALLOWED_TENANTS, and whether DEFENDER_CLOUD is that tenant's.`,
    );
  }
  return wrong(`The login authority ${host} has no signing keys to give (status ${status}).`);
}

function keysIn(text: string): number {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) ? keys.length : 0;
  } catch {
    return 0;
  }
}
