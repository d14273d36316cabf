import { askAs, type Asked } from './asking.ts';
import { invitation, opening, table, verdict } from './report.ts';
import { setStage } from './stage.ts';

const CALLERS = ['alice', 'bob', 'carol'];
const EIGHT_HOURS = 28_800;

const isOnce = process.argv.includes('--once');
const stage = await setStage();
const tokens = new Map<string, string>();
for (const caller of CALLERS) {
  tokens.set(
    caller,
    await stage.defender.issuer.defenderToken(caller, { expiresInSeconds: EIGHT_HOURS }),
  );
}

process.stdout.write(opening(stage));
const rows: Asked[] = [];
for (const [caller, token] of tokens) rows.push(await askAs(stage, caller, token));
process.stdout.write(`\n${table(rows)}\n${verdict(rows)}`);
process.stdout.write(invitation(stage, tokens));

if (isOnce) {
  await stage.close();
  process.exitCode = rows.every(({ wrongs }) => wrongs.length === 0) ? 0 : 1;
} else {
  process.once('SIGINT', () => void stage.close().then(() => process.exit()));
  process.once('SIGTERM', () => void stage.close().then(() => process.exit()));
}
