import { redisAddressOf } from '../redis/address.ts';
import { connectRedis, type RedisClient } from '../redis/connect.ts';
import { ok, wrong, type Finding } from './finding.ts';
import { whyNot } from './reach.ts';

/** Connects, logs in and asks for a sign of life, in `timeoutMilliseconds`. */
export async function reachRedis(url: string, timeoutMilliseconds: number): Promise<Finding> {
  const { kind, nodes: [node] = [] } = redisAddressOf(url) ?? {};
  const host = node ? `${node.host}:${node.port}` : 'its host';
  let redis: RedisClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      let trouble: unknown = { name: 'TimeoutError' };
      timer = setTimeout(() => reject(trouble), timeoutMilliseconds);
      redis = connectRedis(url, (error) => {
        // That a connection was closed says less than why.
        if (!messageOf(error).includes('was closed')) trouble = error;
        // Of several nodes, another one can still be reached.
        if (kind === 'server') reject(trouble);
      });
      redis.once('ready', () => resolve());
    });
    await redis?.ping();
    return ok(`Redis answers at ${host}.`);
  } catch (error) {
    const why = isLogin(error) ? 'refuses the user or password of REDIS_URL.' : whyNot(error);
    return wrong(`Redis: ${host} ${why}`);
  } finally {
    clearTimeout(timer);
    redis?.disconnect();
  }
}

function isLogin(error: unknown): boolean {
  return /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)\b/.test(messageOf(error));
}

function messageOf(error: unknown): string {
  const { message } = Object(error) as { readonly message?: unknown };
  return typeof message === 'string' ? message : '';
}
