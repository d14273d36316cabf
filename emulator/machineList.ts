import type { Answer } from './answer.ts';
import type { DefenderMachine } from './payload.ts';

/** Real links name a regional host; a client must not follow it there. */
const regionalHost = 'https://wdatp-eu.example.net';

/** A page of the list, and the query that leads to the next one. */
interface Page {
  readonly machines: readonly DefenderMachine[];
  readonly next: string | undefined;
}

export const repeatingPage = '$skiptoken=again';
export const endlessPage = (number: number): string => `$skiptoken=endless-${number}`;

/** The page that `query` asks for. A chain needs no memory here: each link says all about the page after it. */
function pageOf(machines: readonly DefenderMachine[], query: URLSearchParams): Page {
  const token = query.get('$skiptoken');
  if (token === 'again') return { machines: machines.slice(0, 1), next: repeatingPage };
  if (token?.startsWith('endless-')) {
    return { machines: [], next: endlessPage(Number(token.slice('endless-'.length)) + 1) };
  }
  const size = Number(query.get('$top') ?? 0);
  if (!size) return { machines, next: undefined };
  const start = Number(query.get('$skip') ?? 0);
  const end = start + size;
  return {
    machines: machines.slice(start, end),
    next: end < machines.length ? `$top=${size}&$skip=${end}` : undefined,
  };
}

/** Texts of machines, which never change: the service account's list alone is over a megabyte. */
const texts = new WeakMap<DefenderMachine, string>();

/** The list of one user, or the page of it that `query` asks for; `segment` is the user's place in the path. */
export function listAnswer(
  visible: readonly DefenderMachine[],
  segment: string,
  query: URLSearchParams,
): Answer {
  const { machines, next } = pageOf(visible, query);
  const context =
    '"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#Machines"';
  const values = machines.map((machine) => {
    const text = texts.get(machine) ?? JSON.stringify(machine);
    texts.set(machine, text);
    return text;
  });
  const link = next
    ? `,"@odata.nextLink":${JSON.stringify(`${regionalHost}/api/users/${segment}/machines?${next}`)}`
    : '';
  return { status: 200, body: `{${context},"value":[${values.join(',')}]${link}}` };
}

/** Bodies that are JSON and yet no list of machines. */
export const wrongShapes = {
  noValue: '{"@odata.context":"…"}',
  valueNotAList: '{"value":{"id":"1"}}',
  machineWithoutId: '{"value":[{"computerDnsName":"lab-08.contoso.com"}]}',
  machineNotAnObject: '{"value":["lab-08",7,null]}',
  null: 'null',
} as const;
