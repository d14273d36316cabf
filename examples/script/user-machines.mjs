// The devices of people, a line of JSON for each: node user-machines.mjs user1@contoso.com user3 …
// MACHINES says where the service answers, TOKEN is sent to it.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GraphQLClient, gql } from 'graphql-request';

const DEVICES = gql`
  query ($userNames: [String!]!) {
    machinesByUser(userNames: $userNames) {
      userName
      machines {
        id
        computerDnsName
        osPlatform
        riskScore
        lastSeen
      }
    }
  }
`;

/** Yields each person with devices, or with an error that says what to do; whom the budget has no call for, later. */
export async function* machinesByUser(url, token, userNames, wait = sleep) {
  const headers = { authorization: `Bearer ${token}`, 'x-defender-priority': 'bulk' };
  const client = new GraphQLClient(url, { headers, errorPolicy: 'all' });
  const left = [...new Set(userNames)];
  while (left.length > 0) {
    const asked = left.splice(0, 10);
    const { data, errors = [] } = await client.rawRequest(DEVICES, { userNames: asked });
    if (!data) throw new Error(errors[0]?.message);
    const errorAt = new Map(errors.map((error) => [error.path[1], error]));
    let seconds = 0;
    for (const [place, user] of data.machinesByUser.entries()) {
      const { message, extensions } = errorAt.get(place) ?? {};
      if (extensions?.code !== 'RATE_LIMITED') yield message ? { ...user, error: message } : user;
      else {
        left.push(user.userName);
        seconds = Math.max(seconds, extensions.retryAfterSeconds);
      }
    }
    await wait(seconds * 1000);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { MACHINES = 'http://127.0.0.1:4001/graphql', TOKEN } = process.env;
  const userNames = process.argv.slice(2);
  for await (const user of machinesByUser(MACHINES, TOKEN, userNames))
    console.log(JSON.stringify(user));
}
