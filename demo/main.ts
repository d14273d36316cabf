import { playBurst, BURST } from './burst.ts';
import { burstOpening, burstRow, burstVerdict } from './burstReport.ts';
import { openDesk } from './desk.ts';
import { askOnBehalfOf, askWithForgeries, type Exchanged } from './exchanging.ts';
import { Foot } from './foot.ts';
import { askForwarding, type Forwarded } from './forwarding.ts';
import { graphiqlAddresses, invitation, toOpen } from './invitation.ts';
import { offerPage } from './page.ts';
import { exchangedOpening, exchangedReport, forwardedReport, heading, opening } from './report.ts';
import { setStage } from './stage.ts';

const CALLERS = ['alice', 'bob', 'carol'];
/** Carol sees the most. */
const IMPERSONATED = 'carol';
const EIGHT_HOURS = { expiresInSeconds: 28_800 };

const foot = new Foot(process.stdout);
const isOnce = process.argv.includes('--once');
// Nothing that was started outlives this process, so nothing has to be ended first.
if (!isOnce) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      foot.clear();
      process.exit();
    });
  }
}

foot.show('Starting Defender, a directory, this subgraph and a gateway …');
const stage = await setStage();
const { issuer } = stage.defender;
const tokens = {
  forward: new Map<string, string>(),
  'on-behalf-of': new Map<string, string>(),
};
for (const caller of CALLERS) {
  tokens.forward.set(caller, await issuer.defenderToken(caller, EIGHT_HOURS));
  tokens['on-behalf-of'].set(caller, await issuer.userToken(caller, EIGHT_HOURS));
}
const roads = { forward: stage.forward, 'on-behalf-of': stage.onBehalfOf };
const desk = await openDesk({ roads, tokens });
foot.clear();
const page = isOnce ? undefined : await offerPage((line) => foot.print(`${line}\n`));
const addresses = [
  ...(page ? [{ what: 'People and devices, a page', url: page.url }] : []),
  ...graphiqlAddresses(desk),
];
if (!isOnce) foot.print(`\n${heading('Open in a browser')}\n${toOpen(addresses)}`);

foot.print(opening(stage));
const forwarded: Forwarded[] = [];
for (const [caller, token] of tokens.forward) {
  foot.show(`asking as ${caller}`, forwarded.length, CALLERS.length);
  forwarded.push(await askForwarding(stage.forward, caller, token));
}
foot.clear();
foot.print(forwardedReport(forwarded, stage));

foot.print(exchangedOpening());
const exchanged: Exchanged[] = [];
for (const asked of forwarded) {
  foot.show(`asking as ${asked.caller}`, exchanged.length, CALLERS.length);
  const first = await issuer.userToken(asked.caller);
  const renewed = tokens['on-behalf-of'].get(asked.caller) ?? '';
  exchanged.push(await askOnBehalfOf(stage.onBehalfOf, asked, { first, renewed }));
}
const forged = await askWithForgeries(stage.onBehalfOf, IMPERSONATED);
foot.clear();
foot.print(exchangedReport(exchanged, forged, IMPERSONATED));

foot.print(burstOpening());
foot.show('users complete', 0, BURST);
const burst = await playBurst((round) => {
  foot.print(burstRow(round));
  foot.show('users complete', BURST - (round.wanted ?? BURST), BURST);
});
foot.clear();
foot.print(burstVerdict(burst));

if (isOnce) {
  await desk.close();
  await stage.close();
  const all = [...forwarded, ...exchanged, ...forged, burst];
  process.exitCode = all.every(({ wrongs }) => wrongs.length === 0) ? 0 : 1;
} else {
  foot.print(invitation(stage, desk, addresses));
}
