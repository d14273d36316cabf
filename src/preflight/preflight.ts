import { Agent } from 'undici';
import { clouds } from '../clouds.ts';
import { ConfigError, loadConfig, type Config } from '../config.ts';
import type { Given } from '../config/secretFiles.ts';
import { credentialFinding } from './credential.ts';
import { effectiveConfig } from './effectiveConfig.ts';
import { lineOf, note, ok, type Finding } from './finding.ts';
import { optionsOf, USAGE } from './options.ts';
import { reachDefender, type Way } from './reach.ts';
import { reachLogin } from './reachLogin.ts';
import { reachRedis } from './reachRedis.ts';
import { readTokenFile } from './tokenFile.ts';
import { tokenFindings } from './tokenFindings.ts';
import { watchingFindings } from './watching.ts';

export interface PreflightParts {
  readonly env: Given;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly write: (text: string) => void;
}

/** What an operator wants to know before the start. Resolves with the status to end with: 0 where nothing is wrong. */
export async function preflight(args: readonly string[], parts: PreflightParts): Promise<number> {
  const { env, now, write } = parts;
  let options;
  try {
    options = optionsOf(args);
  } catch {
    // What parseArgs says quotes the argument, which may be a token.
    write(`This is no option.\n${USAGE}`);
    return 2;
  }
  if (options.isHelp) {
    write(USAGE);
    return 0;
  }
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    write(`${error.message}\n`);
    return 1;
  }
  if (options.isPrintConfig) write(`${effectiveConfig(config, env)}\n`);
  if (!options.isCheck) return 0;

  let isWrong = false;
  for await (const finding of findingsOf(config, now, options.token)) {
    if (finding.verdict === 'wrong') isWrong = true;
    write(lineOf(finding));
  }
  return isWrong ? 1 : 0;
}

async function* findingsOf(
  config: Config,
  now: () => number,
  tokenFile: string | undefined,
): AsyncGenerator<Finding> {
  const { auth, defender, redis } = config;
  yield ok('The configuration is complete.');
  yield* hostFindings(config);
  const dispatcher = new Agent();
  const way: Way = { dispatcher, now, timeoutMilliseconds: defender.timeoutMilliseconds };
  try {
    yield* await reachDefender(defender.apiUrl, way);
    if (auth.mode === 'on-behalf-of') {
      yield await credentialFinding(auth.credential, now());
      yield* await reachLogin(auth.authority, auth.allowedTenants, way);
    }
    yield* await watchingFindings(config, way);
  } finally {
    await dispatcher.destroy();
  }
  if (redis) yield await reachRedis(redis.url, REDIS_TIME);
  if (tokenFile !== undefined) {
    const read = await readTokenFile(tokenFile);
    if ('finding' in read) yield read.finding;
    else yield* tokenFindings(read.claims, config, now());
  }
}

/** Milliseconds: as long as a start waits for it, and a little more. */
const REDIS_TIME = 3_000;

function hostFindings({ defender, host, isProduction }: Config): Finding[] {
  const findings: Finding[] = [];
  const ofHost = Object.entries(clouds).filter(([, { apiUrl }]) => apiUrl === defender.apiUrl);
  const audiences = ofHost.map(([, { tokenAudience }]) => tokenAudience);
  if (audiences.length === 0) {
    findings.push(
      note('DEFENDER_API_URL is the host of no cloud: tokens are sent there all the same.'),
    );
  } else if (defender.tokenAudience && !audiences.includes(defender.tokenAudience)) {
    const names = ofHost.map(([name]) => name).join(', ');
    findings.push(
      note(`DEFENDER_API_URL is the host of ${names}, and tokens are expected for another cloud.`),
    );
  }
  if (isProduction && ['127.0.0.1', 'localhost', '::1'].includes(host)) {
    findings.push(
      note('HOST is this machine alone: in a container nobody reaches it. The image sets 0.0.0.0.'),
    );
  }
  return findings;
}
