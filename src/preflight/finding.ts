/** What a look at one thing has found, in words for an operator. No text holds a token, a secret or a password. */
export interface Finding {
  /** `note`: nothing is wrong, but it may not be what was meant. */
  readonly verdict: 'ok' | 'note' | 'wrong';
  readonly text: string;
}

export function ok(text: string): Finding {
  return { verdict: 'ok', text };
}

export function note(text: string): Finding {
  return { verdict: 'note', text };
}

export function wrong(text: string): Finding {
  return { verdict: 'wrong', text };
}

/** A line each, the words of the verdict in front. */
export function lineOf({ verdict, text }: Finding): string {
  return `${verdict.padEnd(5)}  ${text}\n`;
}
