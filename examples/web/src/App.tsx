import { useCallback, useEffect, useState } from 'react';
import { Trouble } from './page/Trouble.tsx';
import { whoCanSignIn, type Caller } from './signIn/session.ts';
import { Workplace } from './Workplace.tsx';

type Callers = readonly Caller[] | 'loading' | 'failed';

export function App() {
  const [callers, setCallers] = useState<Callers>('loading');
  const [name, setName] = useState<string>();

  const ask = useCallback(() => {
    whoCanSignIn().then(setCallers, () => setCallers('failed'));
  }, []);
  useEffect(ask, [ask]);

  if (callers === 'loading') return <p className="starting">Signing in</p>;
  const caller =
    callers === 'failed' ? undefined : (callers.find((each) => each.name === name) ?? callers[0]);
  if (callers === 'failed' || !caller) {
    const again = () => {
      setCallers('loading');
      ask();
    };
    return (
      <main className="starting">
        <h1>People and devices</h1>
        <Trouble title="Nobody can sign in" onRetry={again}>
          The demo behind this page doesn’t answer. Start it with <code>npm run demo</code>.
        </Trouble>
      </main>
    );
  }
  // Another key is another workplace: nothing that one caller saw stays for the next.
  return <Workplace key={caller.name} caller={caller} callers={callers} onSwitch={setName} />;
}
