import { graphql } from './generated/gql.ts';

/** The directory alone: costs no call to Defender. */
export const PEOPLE = graphql(`
  query People($search: String!, $first: Int!, $offset: Int!) {
    users(search: $search, first: $first, offset: $offset) {
      ...Person
    }
  }
`);

/** One request, however many people; each of them costs at most one call to Defender. */
export const DEVICES_OF = graphql(`
  query DevicesOf($ids: [ID!]!) {
    users(ids: $ids) {
      ...Person
      ...DevicesOfPerson
    }
  }
`);

/** Reading the budget costs no call. */
export const BUDGET = graphql(`
  query Budget {
    defenderBudget {
      minute {
        limit
        remaining
      }
      hour {
        limit
        remaining
      }
      pausedUntil
    }
  }
`);

export const PERSON = graphql(`
  fragment Person on User {
    id
    displayName
    userPrincipalName
    department
    jobTitle
  }
`);

export const DEVICES_OF_PERSON = graphql(`
  fragment DevicesOfPerson on User {
    id
    machines {
      ...Device
    }
    machinesFreshness {
      asOf
      source
      complete
    }
  }
`);

export const DEVICE = graphql(`
  fragment Device on Machine {
    id
    computerDnsName
    healthStatus
    riskScore
    exposureLevel
    rbacGroupName
    lastSeen
    firstSeen
    osPlatform
    version
    osBuild
    lastIpAddress
    lastExternalIpAddress
    deviceValue
    onboardingStatus
    managedBy
    defenderAvStatus
    agentVersion
    machineTags
    isPotentialDuplication
  }
`);
