import { setTimeout as pass } from 'node:timers/promises';
import type { Emulator } from '../../emulator/emulator.ts';

/** What can go wrong with a real Defender, and here on demand. */
export const SCENES = ['pause', 'outage', 'challenge'] as const;
export type Scene = (typeof SCENES)[number];

const PAUSE_SECONDS = 15;
const OUTAGE_MILLISECONDS = 20_000;
const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

const scripts: Readonly<Record<Scene, (defender: Emulator, caller: string) => void>> = {
  pause({ faults }) {
    faults.next({}, { kind: 'tooManyRequests', retryAfter: PAUSE_SECONDS });
  },
  outage({ faults }) {
    const outage = faults.always({}, { kind: 'status', status: 503 });
    void pass(OUTAGE_MILLISECONDS, undefined, { ref: false }).then(() => outage.remove());
  },
  challenge({ callers }, caller) {
    callers.change(caller, { requiredClaims: CLAIMS });
  },
};

export function play(defender: Emulator, scene: Scene, caller: string): void {
  scripts[scene](defender, caller);
}
