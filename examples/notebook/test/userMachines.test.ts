import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callsByAccount, savedIn, wrongAnswers } from './answers.ts';
import { expectPackages } from './debian.ts';
import { NOTEBOOK, readNotebook, Workplace } from './notebook.ts';
import { pictures, said } from './said.ts';
import { setStage } from './stage.ts';

const HOUR = 3_600_000;

beforeAll(expectPackages);

let place: Workplace;
beforeEach(async () => {
  place = await Workplace.make();
});
afterEach(() => place.remove());

describe('2,000 people', () => {
  test('are all asked for, each once and none too early, while somebody else looks at pages', async () => {
    const stage = await setStage({
      async before(round) {
        if (round === 50 || round === 200) await stage.browse('bob', someUsers(50, round));
      },
    });
    const { defender, recorder } = stage;
    const ran = await place.run(await stage.env());
    const saved = await savedIn(place.file('answers.jsonl'));
    const calls = callsByAccount(defender);
    const wrong = wrongAnswers(saved, defender);
    await stage.close();

    const { byStatus, byCaller, tooEarly } = defender.ledger;
    const toldLater = recorder.rounds.reduce((sum, { told }) => sum + told.size, 0);
    console.log(
      `${saved.length} people, ${byCaller.carol} calls for them and ${byCaller.bob} for others, ` +
        `${byStatus[429] ?? 0} answers 429, ${recorder.rounds.length} requests for devices, ` +
        `${toldLater} times told to come back, ${stage.minutes()} simulated minutes`,
    );
    expect(saved).toHaveLength(2_002);
    expect(wrong).toEqual([]);
    // All but the one whose name can't be an account's.
    expect(saved.filter(({ problem }) => problem).map(({ problem }) => problem?.code)).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(calls.size).toBe(2_001);
    expect(byCaller.carol).toBe(2_001);
    expect(Object.keys(byStatus)).toEqual(['200', '404']);
    expect(tooEarly).toBe(0);
    expect(toldLater).toBeGreaterThan(0);
    expect(recorder.tooEarly).toEqual([]);
    expect(new Set(recorder.rounds.map(({ priority }) => priority))).toEqual(new Set(['bulk']));
    // Who looks at a page gets all answers at once.
    expect(stage.browsed).toEqual([50, 50]);

    const kept = await readNotebook();
    expect(said(ran)).toEqual(said(kept));
    expect([pictures(ran), pictures(kept)]).toEqual([3, 3]);
  });
});

describe('a collection that is cut off', () => {
  test('goes on where it was: nobody who was saved is asked for again', async () => {
    await keepFirst(200);
    const stage = await setStage({
      async before(round) {
        // The service is asked, and nobody is there to hear its answer.
        if (round === 15) await place.kill();
      },
    });
    const { defender, recorder } = stage;
    await expect(place.run(await stage.env())).rejects.toThrow('SIGKILL');
    await recorder.settled();
    // And the disk was full in the middle of a line.
    await appendFile(place.file('answers.jsonl'), '{"account": "user1');
    const before = (await savedIn(place.file('answers.jsonl')))
      .filter(({ problem }) => problem === null)
      .map(({ account }) => account);
    const rounds = recorder.rounds.length;

    const ran = await place.run(await stage.env());
    const saved = await savedIn(place.file('answers.jsonl'));
    const calls = callsByAccount(defender);
    const wrong = wrongAnswers(saved, defender);
    await stage.close();

    const again = new Set(recorder.rounds.slice(rounds).flatMap(({ names }) => names));
    const bare = new Set([...again].map((name) => name.replace(/.*\\|@.*/g, '').toLowerCase()));
    console.log(
      `${before.length} people saved in ${rounds} requests, ${bare.size} asked for after the restart`,
    );
    expect(before.length).toBeGreaterThan(40);
    expect(before.filter((account) => bare.has(account))).toEqual([]);
    expect(before.filter((account) => (calls.get(account) ?? 0) > 1)).toEqual([]);
    expect(saved).toHaveLength(198);
    expect(wrong).toEqual([]);
    expect(said(ran).collect).toContain('198 of 198 people');
  });

  test('by the end of its token asks for a new one, and loses nothing', async () => {
    await keepFirst(60);
    const stage = await setStage({
      async before(round) {
        if (round === 5) await stage.clock.sleep(HOUR);
      },
    });
    const { defender } = stage;
    await place.run(await stage.env({ expiresInSeconds: HOUR / 1_000 }));
    const saved = await savedIn(place.file('answers.jsonl'));
    const wrong = wrongAnswers(saved, defender);
    await stage.close();

    console.log(`${saved.length} people, ${defender.ledger.byStatus[401]} calls with an old token`);
    expect(defender.ledger.byStatus[401]).toBeGreaterThan(0);
    expect(saved.filter(({ problem }) => problem)).toHaveLength(1);
    expect(saved).toHaveLength(58);
    expect(wrong).toEqual([]);
  });
});

describe('the notebook as it is kept', () => {
  test('is small enough for a page, and names no place, host or token', async () => {
    const kept = await readNotebook();
    expect((await stat(NOTEBOOK)).size).toBeLessThan(500_000);
    expect(Object.values(said(kept)).join('')).not.toMatch(
      /eyJ|\/tmp|\/home|\/root|127\.0\.0\.1| at 0x/,
    );
    const kinds = kept.cells.flatMap(({ outputs = [] }) => outputs.map((one) => one.output_type));
    expect(kinds).not.toContain('error');
  });
});

/** Leaves the first lines of the list of people, without its head. */
async function keepFirst(lines: number): Promise<void> {
  const file = place.file('users.csv');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.split('\n').slice(0, lines).join('\n'));
}

function someUsers(count: number, from: number): string[] {
  return Array.from({ length: count }, (_, index) => `user${from + index}`);
}
