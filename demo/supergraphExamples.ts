/** What to try first on the supergraph, where users and their devices are in one graph. */
export const SUPERGRAPH_EXAMPLES = [
  `# People from the directory, each with the devices that Defender knows.
# One query, and one Defender call for each user.
query PeopleAndDevices {
  users(first: 5) {
    displayName
    machines(orderBy: { field: RISK_SCORE, direction: DESC }) {
      computerDnsName
      riskScore
      rbacGroupName
    }
    machinesFreshness {
      source
      asOf
    }
  }
}
`,
  `# Filters, sorting, counts and aliases cost no further call.
query OnePerson {
  user(id: "user1") {
    displayName
    all: machineCount
    atRisk: machineCount(filter: { riskScore: [HIGH, MEDIUM] })
    machines(
      filter: { riskScore: [HIGH, MEDIUM, LOW] }
      orderBy: { field: LAST_SEEN, direction: DESC }
      first: 3
    ) {
      computerDnsName
      riskScore
      lastSeen
    }
  }
}
`,
  `# What is left of the calls that Defender allows. Asking this costs none.
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
  }
}
`,
];
