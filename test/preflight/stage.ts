import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { onBehalfOfAt } from '../../emulator/onBehalfOfSettings.ts';
import { preflight } from '../../src/preflight/preflight.ts';

export interface Said {
  readonly status: number;
  readonly text: string;
  /** Of the lines that say that something is wrong. */
  readonly wrong: readonly string[];
  readonly notes: readonly string[];
}

/** An emulator, a folder for files, and the look that is to be tested. */
export class PreflightStage {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'preflight-'));
  readonly defender: Emulator;

  private constructor(defender: Emulator) {
    this.defender = defender;
  }

  static async open(): Promise<PreflightStage> {
    return new PreflightStage(await startEmulator());
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true });
    await this.defender.close();
  }

  /** The path of a file with this text. */
  file(text: string): string {
    const name = path.join(this.#folder, `${Math.random()}`);
    writeFileSync(name, text);
    return name;
  }

  forward(over: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { DEFENDER_CLOUD: 'global', DEFENDER_API_URL: this.defender.url, ...over };
  }

  onBehalfOf(over: Readonly<Record<string, string>> = {}): Record<string, string> {
    return this.forward({ ...onBehalfOfAt(this.defender), ...over });
  }

  async look(
    env: Readonly<Record<string, string>>,
    args: readonly string[] = ['--check'],
    now: () => number = Date.now,
  ): Promise<Said> {
    let text = '';
    const write = (more: string) => void (text += more);
    const status = await preflight(args, { env, now, write });
    const saying = (verdict: string) =>
      text.split('\n').flatMap((line) => (line.startsWith(verdict) ? [line.slice(7)] : []));
    return { status, text, wrong: saying('wrong'), notes: saying('note') };
  }

  /** What is said of a token alone. */
  async lookAtToken(env: Readonly<Record<string, string>>, token: string): Promise<Said> {
    return this.look(env, ['--check', '--token', this.file(token)]);
  }
}
