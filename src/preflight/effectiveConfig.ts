import { SECRETS, type Config } from '../config.ts';
import { withSecretFiles, type Given } from '../config/secretFiles.ts';
import { redisAddressOf } from '../redis/address.ts';

const HIDDEN = '(set, not shown)';
/** Whatever is called so is hidden, also where it was computed and is no variable's text. */
const SECRET_NAME = /secret|password|private|credential.*key/i;

/** The configuration that holds, defaults included, as JSON: of a secret it tells that it is set, and of Redis where it is. */
export function effectiveConfig(config: Config, env: Given): string {
  const secrets = secretsOf(env);
  const { redis, ...rest } = config;
  const shown = {
    ...rest,
    secrets: undefined,
    redis: redis && { ...redis, url: undefined, ...placeOf(redis.url) },
  };
  return JSON.stringify(shown, (name, value: unknown) => hidden(name, value, secrets), 2);
}

function hidden(name: string, value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string' && secrets.some((secret) => value.includes(secret))) return HIDDEN;
  // The kind of a credential is said: 'secret' is one.
  return SECRET_NAME.test(name) && value !== undefined ? HIDDEN : value;
}

/** What the variables that hold secrets say, or their files; the parts of a list too. */
function secretsOf(env: Given): string[] {
  const { given } = withSecretFiles(env, SECRETS);
  return SECRETS.flatMap((name) => {
    const text = given[name]?.trim() ?? '';
    return [text, ...text.split(',').map((part) => part.trim())];
  }).filter((text) => text !== '');
}

function placeOf(url: string) {
  const address = redisAddressOf(url);
  if (!address) return {};
  const { kind, nodes, isTls, username, password, database, name } = address;
  const hasLogin = username !== undefined || password !== undefined;
  return { kind, nodes, isTls, hasLogin, database, name };
}
