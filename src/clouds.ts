/** One Microsoft cloud: where its Defender API and its login are, and what its Defender tokens are for. */
export interface Cloud {
  readonly apiUrl: string;
  readonly authority: string;
  /** The resource that a Defender token names; not the host, which may be newer or nearer. */
  readonly tokenAudience: string;
}

const GLOBAL = {
  authority: 'https://login.microsoftonline.com',
  tokenAudience: 'https://api.securitycenter.microsoft.com',
};
const US_GOVERNMENT: Cloud = {
  apiUrl: 'https://api-gov.securitycenter.microsoft.us',
  authority: 'https://login.microsoftonline.us',
  tokenAudience: 'https://securitycenter.onmicrosoft.us/windowsatpservice',
};

function near(geography: string): Cloud {
  return { ...GLOBAL, apiUrl: `https://${geography}.api.security.microsoft.com` };
}

/** Source: "Supported Microsoft Defender for Endpoint APIs" and the pages on US government customers. */
export const clouds = {
  global: { ...GLOBAL, apiUrl: 'https://api.security.microsoft.com' },
  us: near('us'),
  eu: near('eu'),
  uk: near('uk'),
  au: near('au'),
  swa: near('swa'),
  ina: near('ina'),
  gcc: {
    apiUrl: 'https://api-gcc.securitycenter.microsoft.us',
    authority: 'https://login.microsoftonline.com',
    tokenAudience: 'https://securitycenter.onmicrosoft.com/windowsatpservice',
  },
  'gcc-high': US_GOVERNMENT,
  dod: US_GOVERNMENT,
} as const satisfies Record<string, Cloud>;

export type CloudName = keyof typeof clouds;
