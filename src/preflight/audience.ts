import { clouds } from '../clouds.ts';

/** What tokens are often for in place of Defender. Application ids are Microsoft's own, the same in every tenant. */
const OTHERS: Readonly<Record<string, string>> = {
  'https://graph.microsoft.com': 'Microsoft Graph',
  'https://graph.microsoft.us': 'Microsoft Graph',
  'https://dod-graph.microsoft.us': 'Microsoft Graph',
  '00000003-0000-0000-c000-000000000000': 'Microsoft Graph',
  'https://graph.windows.net': 'Azure AD Graph',
  '00000002-0000-0000-c000-000000000000': 'Azure AD Graph',
  'https://management.azure.com': 'Azure Resource Manager',
  'https://management.core.windows.net': 'Azure Resource Manager',
  'https://api.security.microsoft.com': 'Microsoft Defender XDR, another API at the same host',
};

/** The application id of WindowsDefenderATP, which is Defender's API in every cloud. */
const DEFENDER_APPLICATION = 'fc780465-2017-40d4-a0c5-307022471b92';

/** Whether both name one resource; a slash at the end is let be. */
export function isSameAudience(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

/** What an audience is known as, such as "Microsoft Graph" or "Defender (gcc-high, dod)"; undefined for others. */
export function nameOfAudience(audience: string): string | undefined {
  const names = Object.entries(clouds)
    .filter(([, { tokenAudience }]) => isSameAudience(tokenAudience, audience))
    .map(([name]) => name);
  if (names.length > 0) return `Defender (${names.join(', ')})`;
  return OTHERS[bare(audience)];
}

/** Whether it is Defender's, of whichever cloud. */
export function isDefenders(audience: string): boolean {
  return (
    bare(audience) === DEFENDER_APPLICATION ||
    Object.values(clouds).some(({ tokenAudience }) => isSameAudience(tokenAudience, audience))
  );
}

/** Defender's, named by its application id: that says nothing about the cloud. */
export function isDefenderApplication(audience: string): boolean {
  return bare(audience) === DEFENDER_APPLICATION;
}

function bare(audience: string): string {
  return audience.toLowerCase().replace(/\/+$/, '');
}
