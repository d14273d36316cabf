import type { UserKey } from '../../config.ts';

/** What a newcomer tries first. The emulator has the users user1 to user2000; elsewhere there are other names. */
export function examplesFor(userKey: UserKey): readonly string[] {
  return [
    `# The devices of many users, in the order asked.
# Each user costs one Defender call, and none when asked again.
query MachinesByUser {
  machinesByUser(userNames: ["user1", "user2", "user3"]) {
    userName
    machines {
      computerDnsName
      osPlatform
      healthStatus
      riskScore
      rbacGroupName
      lastSeen
    }
    machinesFreshness {
      source
      asOf
    }
  }
}
`,
    `# Filters, sorting, counts and aliases cost no further call.
query RiskyMachines {
  machinesByUser(userNames: ["user1", "user2", "user3"]) {
    userName
    all: machineCount
    risky: machineCount(filter: { riskScore: [HIGH, MEDIUM] })
    machines(
      filter: { healthStatus: [ACTIVE, INACTIVE], riskScore: [HIGH, MEDIUM, LOW] }
      orderBy: { field: RISK_SCORE, direction: DESC }
      first: 3
    ) {
      computerDnsName
      riskScore
      exposureLevel
      lastSeen
    }
  }
}
`,
    `# What a router sends: all users of a query in one list,
# each by the key that it has in the supergraph.
query Entities {
  _entities(
    representations: [
      ${representations(userKey).join('\n      ')}
    ]
  ) {
    ... on User {
      machines {
        computerDnsName
        riskScore
      }
      machineCount
      machinesFreshness {
        source
      }
    }
  }
}
`,
    `# What is left of the calls that Defender allows,
# and what some users would take. Asking this costs no call.
query Budget {
  defenderBudget {
    minute {
      limit
      remaining
      resetsAt
    }
    hour {
      limit
      remaining
    }
    pausedUntil
  }
  defenderEstimate(userNames: ["user1", "user2", "user3", "user4"]) {
    cached
    calls
    readyAt
  }
}
`,
  ];
}

function representations(userKey: UserKey): readonly string[] {
  return ['user1', 'user3'].map((name) => {
    const userPrincipalName = `userPrincipalName: "${name}@contoso.com"`;
    const keys = {
      id: `id: "${name}"`,
      userPrincipalName,
      'id-requires-upn': `id: "the id of ${name}", ${userPrincipalName}`,
    };
    return `{ __typename: "User", ${keys[userKey]} }`;
  });
}
