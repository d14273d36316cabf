import { readFile } from 'node:fs/promises';
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { bearerToken } from '../auth/bearer.ts';
import { wrong, type Finding } from './finding.ts';

/** The claims of a token that nobody has verified, or why they can't be read. */
export type ReadToken = { readonly claims: JWTPayload } | { readonly finding: Finding };

/** A token is a few kilobytes; a larger file is another one. */
const MOST_CHARACTERS = 100_000;

/** Decodes a token, and does not trust it: nothing is done with it but to tell what it says of itself. */
export async function readTokenFile(path: string): Promise<ReadToken> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch {
    return { finding: wrong('The token: the file can not be read.') };
  }
  if (text === '') return { finding: wrong('The token: the file is empty.') };
  if (/^"?Bearer\s/i.test(text)) {
    return { finding: wrong('The token: leave "Bearer" out, the file must hold the token alone.') };
  }
  if (/[\s"',]/.test(text) || text.length > MOST_CHARACTERS) {
    return {
      finding: wrong('The token: the file must hold the token alone, without quotes, in one line.'),
    };
  }
  return decoded(text);
}

function decoded(token: string): ReadToken {
  if (token.split('.').length === 5) {
    return {
      finding: wrong(
        'The token is encrypted: it is for a service that holds the key, such as Graph, and not for Defender.',
      ),
    };
  }
  try {
    decodeProtectedHeader(token);
    const claims = decodeJwt(token);
    bearerToken(`Bearer ${token}`);
    return { claims };
  } catch {
    return {
      finding: wrong(
        'The token is no JSON Web Token, or was cut or changed on its way: a refresh token and an authorization code look like that too. Take the access token.',
      ),
    };
  }
}
