import { parseArgs } from 'node:util';

export const USAGE = `Without options it serves. It is configured by environment alone; see README.md.

  --check               says what is wrong with the configuration and what it names, and ends
  --check --token FILE  also decodes the token in that file, without trusting it, and says what is wrong with it
  --print-config        prints the configuration that holds, without secrets, and ends

The status is 0 where nothing is wrong. With npm, two dashes come first: npm start -- --check
`;

export interface Options {
  readonly isCheck: boolean;
  readonly isPrintConfig: boolean;
  readonly isHelp: boolean;
  /** A path. */
  readonly token: string | undefined;
}

/** Throws a TypeError, in words, for what is no option. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      'print-config': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      token: { type: 'string' },
    },
  });
  const { token, check, help } = values;
  return {
    isCheck: check || token !== undefined,
    isPrintConfig: values['print-config'],
    isHelp: help,
    token,
  };
}
