import { request, type Dispatcher } from 'undici';
import { LEEWAY_SECONDS } from '../auth/verifyToken.ts';
import { spanInWords } from './words.ts';
import { ok, wrong, type Finding } from './finding.ts';

export interface Way {
  readonly dispatcher: Dispatcher;
  readonly timeoutMilliseconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Asks the Defender API without a token: whatever it answers, it is there. Spends no call of anybody's budget. */
export async function reachDefender(apiUrl: string, way: Way): Promise<Finding[]> {
  const { host } = new URL(apiUrl);
  try {
    const { statusCode, headers, body } = await request(apiUrl, {
      method: 'GET',
      dispatcher: way.dispatcher,
      signal: AbortSignal.timeout(way.timeoutMilliseconds),
    });
    await body.dump();
    const answers = ok(`The Defender API answers at ${host}, status ${statusCode}.`);
    return [answers, ...clockFindings(host, String(headers['date']), way.now())];
  } catch (error) {
    return [wrong(`The Defender API: ${host} ${whyNot(error)}`)];
  }
}

/** What the `Date` of an answer tells about the clock of this machine. */
export function clockFindings(host: string, date: string, now: number): Finding[] {
  const ahead = now - Date.parse(date);
  if (!(Math.abs(ahead) > LEEWAY_SECONDS * 1_000)) return [];
  const side = ahead > 0 ? 'ahead of' : 'behind';
  return [
    wrong(
      `The clock of this machine is ${spanInWords(Math.abs(ahead))} ${side} that of ${host}: good tokens look expired, or not yet valid.`,
    ),
  ];
}

/** Why there was no answer, after the name of a host. Holds nothing of what was sent. */
export function whyNot(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return 'has no address here: see the DNS of this machine, and whether the name is right.';
  }
  if (code === 'ECONNREFUSED') return 'refuses the connection: nothing listens there.';
  if (/TIMEDOUT|TIMEOUT|TimeoutError|AbortError/.test(code)) {
    return 'does not answer in time: see firewalls, proxies and network policies on the way.';
  }
  if (/CERT|SIGNED|^ERR_TLS|^UNABLE_TO|ISSUER/.test(code)) {
    return `has a certificate that is not trusted here (${code}): where a proxy opens TLS, name its certificate in NODE_EXTRA_CA_CERTS.`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'does not speak TLS at that port.';
  return `can't be reached (${code}).`;
}

/** Of the error at the bottom: what wraps it says less. */
function codeOf(error: unknown): string {
  const { cause, code, name } = Object(error) as Readonly<Record<string, unknown>>;
  if (typeof cause === 'object' && cause !== null) return codeOf(cause);
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
