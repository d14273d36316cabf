import { useState } from 'react';
import { count } from '../devices/words.ts';
import { useDesk, useLoaded } from '../page/desk.ts';

type Progress = 'idle' | 'asking' | 'failed';

/** Says that Entra wants more proof of this sign-in, gets it, and asks again for whoever waited for it. */
export function ClaimsPrompt() {
  const { session } = useDesk();
  const { lookups } = useLoaded();
  const [progress, setProgress] = useState<Progress>('idle');
  const challenged = lookups.failures.filter(({ claims }) => claims !== undefined);
  const claims = challenged[0]?.claims;
  if (claims === undefined) return null;

  const meet = async () => {
    setProgress('asking');
    try {
      await session.meet(claims);
      setProgress('idle');
      await lookups.askChallenged();
    } catch {
      setProgress('failed');
    }
  };
  return (
    <section className="prompt" role="alert" aria-labelledby="prompt-title">
      <div>
        <h2 id="prompt-title">Confirm that it’s you</h2>
        <p>
          Your organization wants more proof of this sign-in before it shows the devices of{' '}
          {count(challenged.length, 'person', 'people')}.
          {progress === 'failed' && ' That didn’t work. Try once more.'}
        </p>
      </div>
      <button
        type="button"
        className="button button-strong"
        disabled={progress === 'asking'}
        onClick={() => void meet()}
      >
        {progress === 'asking' ? 'Signing in' : 'Sign in again'}
      </button>
    </section>
  );
}
