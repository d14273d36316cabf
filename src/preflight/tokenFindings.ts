import type { JWTPayload } from 'jose';
import { issuersOf, LEEWAY_SECONDS } from '../auth/verifyToken.ts';
import type { Config } from '../config.ts';
import { isDefenderApplication, isDefenders, isSameAudience, nameOfAudience } from './audience.ts';
import { note, ok, wrong, type Finding } from './finding.ts';
import { claimInWords, spanInWords } from './words.ts';

const SOON = 5 * 60_000;
const LEEWAY = LEEWAY_SECONDS * 1_000;

/** What a token says of itself, against what this configuration needs of one. It may lie: nobody has verified it. */
export function tokenFindings(claims: JWTPayload, config: Config, now: number): Finding[] {
  const { auth, defender } = config;
  const about = note(
    `The token, unverified: ${kindOf(claims)} of application ${claimInWords(claims['appid'] ?? claims['azp'])} in tenant ${claimInWords(claims['tid'])}.`,
  );
  const clock = clockFinding(claims, now);
  if (auth.mode === 'forward') {
    return [about, clock, defenderAudience(claims, defender.tokenAudience), defenderRights(claims)];
  }
  return [about, clock, ownAudience(claims, auth.audiences), ...ownRights(claims, auth)];
}

function kindOf(claims: JWTPayload): string {
  if (isOfApplication(claims)) return 'app-only, without a person,';
  return typeof claims['scp'] === 'string'
    ? 'delegated, for a person,'
    : 'neither scopes nor roles,';
}

function isOfApplication({ idtyp, scp, roles }: JWTPayload): boolean {
  return idtyp === 'app' || (typeof scp !== 'string' && Array.isArray(roles));
}

function clockFinding({ exp, nbf }: JWTPayload, now: number): Finding {
  if (typeof exp !== 'number')
    return wrong('The token never expires (no exp): none of Entra does that.');
  const left = exp * 1_000 - now;
  if (typeof nbf === 'number' && nbf * 1_000 - LEEWAY > now) {
    return wrong(
      `The token is valid in ${spanInWords(nbf * 1_000 - now)} and not before: is the clock of this machine right?`,
    );
  }
  if (left <= 0) return wrong(`The token has expired ${spanInWords(-left)} ago: get a new one.`);
  if (left < SOON) return note(`The token expires in ${spanInWords(left)}.`);
  return ok(`The token is valid for another ${spanInWords(left)}.`);
}

function audiencesOf({ aud }: JWTPayload): string[] {
  return [aud ?? []].flat().filter((audience) => typeof audience === 'string');
}

function defenderAudience(claims: JWTPayload, expected: string | undefined): Finding {
  const [audience] = audiencesOf(claims);
  if (audience === undefined) return wrong('The token names no audience.');
  if (expected !== undefined && isSameAudience(audience, expected)) {
    return ok(`The token is for Defender in this cloud (${expected}).`);
  }
  if (isDefenderApplication(audience)) {
    return note(
      'The token is for Defender by its application id, which does not say in which cloud.',
    );
  }
  const wanted = expected === undefined ? '' : ` Ask for ${expected}/.default or a scope of it.`;
  if (isDefenders(audience) && expected === undefined) {
    return note(
      `The token is for ${nameOfAudience(audience)}. DEFENDER_CLOUD is not set, so see whether DEFENDER_API_URL is of that cloud.`,
    );
  }
  if (isDefenders(audience)) {
    return wrong(
      `The token is for ${nameOfAudience(audience)}, and DEFENDER_CLOUD is another cloud, whose host must not get it.${wanted}`,
    );
  }
  const name = nameOfAudience(audience) ?? claimInWords(audience);
  return wrong(
    `The token is for ${name} and not for Defender, which answers it with 403.${wanted} If it is this service's own, set AUTH_MODE=on-behalf-of.`,
  );
}

function defenderRights(claims: JWTPayload): Finding {
  if (isOfApplication(claims)) {
    const roles = [claims['roles'] ?? []].flat().map(String);
    return roles.some((role) => /^Machine\.Read(Write)?\.All$/.test(role))
      ? note(
          "The token is an application's own: whoever holds it sees the devices of the whole tenant.",
        )
      : wrong(
          "The token is an application's own and lacks the role Machine.Read.All (or Machine.ReadWrite.All): add it as an application permission, and grant admin consent.",
        );
  }
  if (typeof claims['scp'] !== 'string') {
    return wrong(
      'The token has neither scopes nor roles: is it an ID token, or was no permission granted?',
    );
  }
  return claims['scp'].split(' ').some((scope) => /^Machine\.Read(Write)?$/.test(scope))
    ? ok(
        'The token has the scope to read machines. Whether its person has "View Data", Defender alone knows.',
      )
    : wrong(
        'The token lacks the scope Machine.Read (or Machine.ReadWrite): add it as a delegated permission, grant consent, and get a new token.',
      );
}

function ownAudience(claims: JWTPayload, expected: readonly string[]): Finding {
  const found = audiencesOf(claims);
  if (found.some((audience) => expected.includes(audience)))
    return ok('The token is for this service.');
  const [audience = ''] = found;
  const wanted = `ask for a scope of ${expected.at(-1)}`;
  if (isDefenders(audience)) {
    return wrong(
      `The token is for Defender itself, which AUTH_MODE=forward takes; for on-behalf-of, ${wanted}.`,
    );
  }
  const name = nameOfAudience(audience) ?? claimInWords(found[0]);
  return wrong(
    `The token is for ${name} and not for this service: ${wanted}, or set ENTRA_AUDIENCE.`,
  );
}

type OnBehalfOf = Extract<Config['auth'], { mode: 'on-behalf-of' }>;

function ownRights(claims: JWTPayload, auth: OnBehalfOf): Finding[] {
  const { tid, iss, scp } = claims;
  const findings: Finding[] = [];
  const isAllowed = auth.allowedTenants.some((id) => id.toLowerCase() === tid);
  if (!isAllowed) {
    findings.push(
      wrong(`The token's tenant ${claimInWords(tid)} is not among ENTRA_ALLOWED_TENANTS.`),
    );
  } else if (!issuersOf(String(tid), auth.authority).includes(String(iss))) {
    findings.push(
      wrong(
        `The token was issued by ${claimInWords(iss)} and not by ${auth.authority}: is DEFENDER_CLOUD the cloud of that tenant?`,
      ),
    );
  }
  if (typeof scp !== 'string') {
    const kind = isOfApplication(claims) ? "an application's own" : 'an ID token, or lacks scopes';
    findings.push(wrong(`The token is ${kind}: only a person's access token can be exchanged.`));
  } else if (auth.requiredScope !== undefined && !scp.split(' ').includes(auth.requiredScope)) {
    findings.push(wrong(`The token lacks the scope ${auth.requiredScope} (ENTRA_REQUIRED_SCOPE).`));
  } else
    findings.push(ok("The token is a person's and can be exchanged, if its signature is good."));
  return findings;
}
