import { playBurst } from './burst.ts';
import { burstOpening, burstRow, burstVerdict } from './burstReport.ts';
import { askOnBehalfOf, askWithForgeries, type Exchanged } from './exchanging.ts';
import { askForwarding, type Forwarded } from './forwarding.ts';
import { invitation, type Tokens } from './invitation.ts';
import { offerPage } from './page.ts';
import { exchangedReport, forwardedReport, opening } from './report.ts';
import { setStage } from './stage.ts';

const CALLERS = ['alice', 'bob', 'carol'];
/** Carol sees the most. */
const IMPERSONATED = 'carol';
const EIGHT_HOURS = { expiresInSeconds: 28_800 };

const isOnce = process.argv.includes('--once');
// Nothing that was started outlives this process, so nothing has to be ended first.
if (!isOnce) for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit());

if (!isOnce) await offerPage((line) => void process.stdout.write(`${line}\n`));

const stage = await setStage();
const { issuer } = stage.defender;
const tokens: Tokens = { forward: new Map(), onBehalfOf: new Map() };

process.stdout.write(opening(stage));
const forwarded: Forwarded[] = [];
for (const caller of CALLERS) {
  const token = await issuer.defenderToken(caller, EIGHT_HOURS);
  tokens.forward.set(caller, token);
  forwarded.push(await askForwarding(stage.forward, caller, token));
}
process.stdout.write(forwardedReport(forwarded, stage));

const exchanged: Exchanged[] = [];
for (const asked of forwarded) {
  const first = await issuer.userToken(asked.caller);
  const renewed = await issuer.userToken(asked.caller, EIGHT_HOURS);
  tokens.onBehalfOf.set(asked.caller, renewed);
  exchanged.push(await askOnBehalfOf(stage.onBehalfOf, asked, { first, renewed }));
}
const forged = await askWithForgeries(stage.onBehalfOf, IMPERSONATED);
process.stdout.write(exchangedReport(exchanged, forged, IMPERSONATED));

process.stdout.write(burstOpening());
const burst = await playBurst((round) => process.stdout.write(burstRow(round)));
process.stdout.write(burstVerdict(burst));

process.stdout.write(invitation(stage, tokens));

if (isOnce) {
  await stage.close();
  const all = [...forwarded, ...exchanged, ...forged, burst];
  process.exitCode = all.every(({ wrongs }) => wrongs.length === 0) ? 0 : 1;
}
