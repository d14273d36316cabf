import { readFileSync } from 'node:fs';

export type Given = Readonly<Record<string, string | undefined>>;

/**
 * Lets `NAME_FILE` name a file that holds the value of the secret `NAME`. A problem names the variable and never the
 * value.
 */
export function withSecretFiles(given: Given, secrets: readonly string[]) {
  const read: Record<string, string | undefined> = { ...given };
  const problems: string[] = [];
  for (const name of secrets) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) problems.push(`${name} and ${name}_FILE must not both be set`);
    try {
      read[name] = readFileSync(path, 'utf8').trim() || undefined;
      if (read[name] === undefined)
        problems.push(`${name}_FILE must name a file that is not empty`);
    } catch {
      problems.push(`${name}_FILE must name a file that can be read`);
    }
  }
  return { given: read, problems };
}
