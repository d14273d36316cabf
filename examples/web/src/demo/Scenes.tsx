import { useState } from 'react';
import { useAddress } from '../page/address.ts';
import { useDesk } from '../page/desk.ts';

/** Searches for people who are rarely loaded yet: only somebody new is refused while Defender pauses. */
const NEW_PEOPLE = ['castro', 'diaz', 'gupta', 'kowalski', 'petrov'];

/** Makes the emulated Defender misbehave, to show what the page does then. Of the demo: not for a page of your own. */
export function Scenes() {
  const { session, lookups } = useDesk();
  const [, go] = useAddress();
  const [played, setPlayed] = useState(0);

  const play = async (scene: string): Promise<void> => {
    const response = await fetch('/demo/scenes', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scene, caller: session.caller.name }),
    });
    if (!response.ok) throw new Error(`The scene ${scene}: HTTP ${response.status}`);
  };
  const scenes = [
    {
      title: 'Defender pauses for 15 s',
      run: async () => {
        await play('pause');
        setPlayed(played + 1);
        go({ search: NEW_PEOPLE[played % NEW_PEOPLE.length] ?? '' });
      },
    },
    {
      title: 'Defender fails for 20 s',
      run: async () => {
        await play('outage');
        await lookups.askAll();
      },
    },
    {
      title: 'Entra wants more proof',
      run: async () => {
        await play('challenge');
        session.forget();
        await lookups.askAll();
      },
    },
  ];
  return (
    <footer className="scenes">
      <h2>Try what can go wrong</h2>
      {scenes.map(({ title, run }) => (
        <button
          key={title}
          type="button"
          className="button button-small"
          onClick={() => void run().catch(() => undefined)}
        >
          {title}
        </button>
      ))}
    </footer>
  );
}
