import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { onBehalfOfAt } from '../emulator/onBehalfOfSettings.ts';
import { startDirectory } from '../examples/supergraph/directory.ts';
import { systemClock, type Clock } from '../src/clock.ts';
import { builtPage } from './page/build.ts';
import { peopleOf } from './page/people.ts';
import { servePage } from './page/serve.ts';
import { openRoad } from './stage.ts';

export interface Page {
  /** Where a browser finds it, such as http://127.0.0.1:4321/. */
  readonly url: string;
  readonly defender: Emulator;
  close(): Promise<void>;
}

/** @public for the tests in examples/web. */
export interface PageOptions {
  /** Told what takes time. */
  readonly say: (line: string) => void;
  readonly clock?: Clock;
  /** Settings of the subgraph, over those of on-behalf-of mode. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The page of examples/web over a supergraph and an emulator of its own: what a visitor asks for doesn't count
 * elsewhere. Rejects where it can't be built.
 * @public for the tests in examples/web.
 */
export async function startPage({
  say,
  clock = systemClock,
  env = {},
}: PageOptions): Promise<Page> {
  const folder = await builtPage(say);
  const defender = await startEmulator({ latencyMilliseconds: 20, now: clock.now });
  const directory = await startDirectory({ userKey: 'id', users: peopleOf(defender.estate) });
  const road = await openRoad(
    defender,
    directory.url,
    { ...onBehalfOfAt(defender), ...env },
    clock,
  );
  const served = await servePage({ defender, gateway: road.gateway, folder });
  return {
    url: served.url,
    defender,
    async close() {
      await served.close();
      await road.close();
      await directory.close();
      await defender.close();
    },
  };
}

/** So short that the page's "Defender fails" soon shows what a stale answer looks like. */
const SOON_OLD = { CACHE_TTL_SECONDS: '10' };

/** Undefined, and said why, where the page can't be built: everything else goes without it. */
export async function offerPage(say: (line: string) => void): Promise<Page | undefined> {
  try {
    return await startPage({ say, env: SOON_OLD });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    say(`The page in examples/web could not be built; all else goes without it. (${why})`);
    return undefined;
  }
}
