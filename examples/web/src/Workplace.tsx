import { ApolloProvider } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { BudgetMeter } from './budget/BudgetMeter.tsx';
import { Scenes } from './demo/Scenes.tsx';
import { DevicePane } from './devices/DevicePane.tsx';
import { NO_FILTER } from './devices/filter.ts';
import { DeviceLookups } from './devices/lookups.ts';
import { createClient } from './graph/client.ts';
import { useAddress } from './page/address.ts';
import { DeskContext, type Desk } from './page/desk.ts';
import { PeoplePane } from './people/PeoplePane.tsx';
import { PersonPane } from './people/PersonPane.tsx';
import { CallerSwitch } from './signIn/CallerSwitch.tsx';
import { ClaimsPrompt } from './signIn/ClaimsPrompt.tsx';
import { openSession, type Caller } from './signIn/session.ts';

export interface WorkplaceProps {
  readonly caller: Caller;
  readonly callers: readonly Caller[];
  readonly onSwitch: (name: string) => void;
}

function openDesk(caller: Caller): Desk {
  const session = openSession(caller);
  const client = createClient(session);
  return { session, client, lookups: new DeviceLookups(client) };
}

/** Everything that one caller works with. */
export function Workplace({ caller, callers, onSwitch }: WorkplaceProps) {
  const [desk] = useState(() => openDesk(caller));
  const [filter, setFilter] = useState(NO_FILTER);
  const [{ person, device }, go] = useAddress();

  useEffect(() => {
    if (person === '') document.title = 'People and devices';
  }, [person]);

  const view = device !== '' ? 'device' : person !== '' ? 'person' : 'people';
  const switchTo = (name: string) => {
    go({ device: '' }, 'replace');
    onSwitch(name);
  };
  return (
    <ApolloProvider client={desk.client}>
      <DeskContext value={desk}>
        <a className="skip" href="#details">
          Skip to details
        </a>
        <header className="top">
          <div className="brand">
            <img src="/mark.svg" alt="" width="32" height="32" />
            <h1>People and devices</h1>
          </div>
          <BudgetMeter />
          <CallerSwitch caller={caller} callers={callers} onSwitch={switchTo} />
        </header>
        <ClaimsPrompt />
        <main className="panes" data-view={view}>
          <PeoplePane filter={filter} onFilter={setFilter} />
          <div className="details" id="details" tabIndex={-1}>
            <PersonPane filter={filter} />
            {device !== '' && <DevicePane key={device} id={device} />}
          </div>
        </main>
        <Scenes />
      </DeskContext>
    </ApolloProvider>
  );
}
