import { useEffect } from 'react';
import { useDesk } from '../page/desk.ts';
import { useNow } from '../page/now.ts';
import type { Failure } from './failure.ts';

export interface FailureNoteProps {
  readonly failure: Failure;
  /** Of the person whose devices are missing. */
  readonly personId: string;
  readonly personName: string;
}

const SECOND = 1_000;

/** In a person's row: why the devices are missing, and the way on. */
export function FailureNote({ failure, personId, personName }: FailureNoteProps) {
  const { lookups } = useDesk();
  const retry = () => void lookups.ask([personId]);
  if (failure.retryAt !== undefined) return <Countdown until={failure.retryAt} onDue={retry} />;
  switch (failure.code) {
    case 'UNAUTHENTICATED':
      return <p className="note">Waits for you to sign in again.</p>;
    case 'FORBIDDEN':
      return <p className="note">Your account may not see devices.</p>;
    case 'BAD_USER_INPUT':
    case 'NOT_FOUND':
      return <p className="note">{failure.message}</p>;
    default:
      return (
        <p className="note">
          {failure.code === 'NETWORK' ? 'No answer came.' : 'Defender didn’t answer.'}
          <button
            type="button"
            className="button button-small"
            aria-label={`Try again for ${personName}`}
            onClick={retry}
          >
            Try again
          </button>
        </p>
      );
  }
}

/** Counts the seconds down, then asks once, for this person alone. */
function Countdown({ until, onDue }: { readonly until: number; readonly onDue: () => void }) {
  const now = useNow(SECOND / 4);
  const isDue = now >= until;
  useEffect(() => {
    if (isDue) onDue();
    // The moment decides, not which function it is that asks.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isDue, until]);
  return (
    <p className="note note-wait">
      Defender is busy. Reading again in{' '}
      <span role="timer" aria-live="off" className="seconds">
        {Math.max(0, Math.ceil((until - now) / SECOND))} s
      </span>
    </p>
  );
}
