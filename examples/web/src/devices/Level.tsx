export interface LevelProps {
  /** A value such as HIGH; null where Defender gives none. */
  readonly value: string | null;
  readonly words: Readonly<Record<string, string>>;
  /** Said before the word, to whom can't see the column. */
  readonly of?: string;
}

const BARS: Readonly<Record<string, number>> = { LOW: 1, MEDIUM: 2, HIGH: 3 };

/** A level in word, colour and number of bars, so that none of the three is needed to read it. */
export function Level({ value, words, of }: LevelProps) {
  const bars = BARS[value ?? ''] ?? 0;
  return (
    <span className="level" data-level={bars}>
      <span className="bars" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {of !== undefined && <span className="unseen">{of} </span>}
      {words[value ?? ''] ?? 'Not known'}
    </span>
  );
}
