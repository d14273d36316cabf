/** What V8's profiler gives, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of nodes. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

interface SelfTime {
  readonly name: string;
  readonly milliseconds: number;
}

export interface SelfTimes {
  /** Longest first. */
  readonly places: readonly SelfTime[];
  readonly functions: readonly SelfTime[];
  /** All but idle time. */
  readonly busyMilliseconds: number;
}

/** Adds up, by function and by the package or room that it is in, the time in which nothing further was called. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): SelfTimes {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  let busyMilliseconds = 0;
  samples.forEach((id, index) => {
    const node = byId.get(id);
    const milliseconds = (timeDeltas[index + 1] ?? 0) / 1_000;
    if (!node || node.callFrame.functionName === '(idle)') return;
    const { functionName, lineNumber } = node.callFrame;
    const place = placeOf(node);
    const name = functionName || `(anonymous, line ${lineNumber + 1})`;
    busyMilliseconds += milliseconds;
    add(places, place, milliseconds);
    add(functions, place === functionName ? place : `${name} · ${place}`, milliseconds);
  });
  return { places: longestFirst(places), functions: longestFirst(functions), busyMilliseconds };
}

/** A package, a room of this service, a module of Node, or what V8 calls by a name of its own, as its collector. */
function placeOf({ callFrame: { url, functionName } }: ProfileNode): string {
  const [, ofPackage] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (ofPackage) return ofPackage;
  const [, ofBench] = /\/contestants\/dist\/bench\/([^/]+)/.exec(url) ?? [];
  if (ofBench) return `bench/${ofBench}`;
  const [, ofService] = /\/dist\/(.+?)(?:\/[^/]+)?\.js$/.exec(url) ?? [];
  if (ofService) return `this service: ${ofService.split('/')[0] ?? ''}`;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  return url === '' ? (functionName.startsWith('(') ? functionName : 'V8 and native code') : url;
}

function add(sums: Map<string, number>, name: string, milliseconds: number): void {
  sums.set(name, (sums.get(name) ?? 0) + milliseconds);
}

function longestFirst(sums: ReadonlyMap<string, number>): SelfTime[] {
  return [...sums]
    .map(([name, milliseconds]) => ({ name, milliseconds }))
    .toSorted((one, other) => other.milliseconds - one.milliseconds);
}
