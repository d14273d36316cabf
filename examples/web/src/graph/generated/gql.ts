/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query People($search: String!, $first: Int!, $offset: Int!) {\n    users(search: $search, first: $first, offset: $offset) {\n      ...Person\n    }\n  }\n": typeof types.PeopleDocument,
    "\n  query DevicesOf($ids: [ID!]!) {\n    users(ids: $ids) {\n      ...Person\n      ...DevicesOfPerson\n    }\n  }\n": typeof types.DevicesOfDocument,
    "\n  query Budget {\n    defenderBudget {\n      minute {\n        limit\n        remaining\n      }\n      hour {\n        limit\n        remaining\n      }\n      pausedUntil\n    }\n  }\n": typeof types.BudgetDocument,
    "\n  fragment Person on User {\n    id\n    displayName\n    userPrincipalName\n    department\n    jobTitle\n  }\n": typeof types.PersonFragmentDoc,
    "\n  fragment DevicesOfPerson on User {\n    id\n    machines {\n      ...Device\n    }\n    machinesFreshness {\n      asOf\n      source\n      complete\n    }\n  }\n": typeof types.DevicesOfPersonFragmentDoc,
    "\n  fragment Device on Machine {\n    id\n    computerDnsName\n    healthStatus\n    riskScore\n    exposureLevel\n    rbacGroupName\n    lastSeen\n    firstSeen\n    osPlatform\n    version\n    osBuild\n    lastIpAddress\n    lastExternalIpAddress\n    deviceValue\n    onboardingStatus\n    managedBy\n    defenderAvStatus\n    agentVersion\n    machineTags\n    isPotentialDuplication\n  }\n": typeof types.DeviceFragmentDoc,
};
const documents: Documents = {
    "\n  query People($search: String!, $first: Int!, $offset: Int!) {\n    users(search: $search, first: $first, offset: $offset) {\n      ...Person\n    }\n  }\n": types.PeopleDocument,
    "\n  query DevicesOf($ids: [ID!]!) {\n    users(ids: $ids) {\n      ...Person\n      ...DevicesOfPerson\n    }\n  }\n": types.DevicesOfDocument,
    "\n  query Budget {\n    defenderBudget {\n      minute {\n        limit\n        remaining\n      }\n      hour {\n        limit\n        remaining\n      }\n      pausedUntil\n    }\n  }\n": types.BudgetDocument,
    "\n  fragment Person on User {\n    id\n    displayName\n    userPrincipalName\n    department\n    jobTitle\n  }\n": types.PersonFragmentDoc,
    "\n  fragment DevicesOfPerson on User {\n    id\n    machines {\n      ...Device\n    }\n    machinesFreshness {\n      asOf\n      source\n      complete\n    }\n  }\n": types.DevicesOfPersonFragmentDoc,
    "\n  fragment Device on Machine {\n    id\n    computerDnsName\n    healthStatus\n    riskScore\n    exposureLevel\n    rbacGroupName\n    lastSeen\n    firstSeen\n    osPlatform\n    version\n    osBuild\n    lastIpAddress\n    lastExternalIpAddress\n    deviceValue\n    onboardingStatus\n    managedBy\n    defenderAvStatus\n    agentVersion\n    machineTags\n    isPotentialDuplication\n  }\n": types.DeviceFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query People($search: String!, $first: Int!, $offset: Int!) {\n    users(search: $search, first: $first, offset: $offset) {\n      ...Person\n    }\n  }\n"): (typeof documents)["\n  query People($search: String!, $first: Int!, $offset: Int!) {\n    users(search: $search, first: $first, offset: $offset) {\n      ...Person\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DevicesOf($ids: [ID!]!) {\n    users(ids: $ids) {\n      ...Person\n      ...DevicesOfPerson\n    }\n  }\n"): (typeof documents)["\n  query DevicesOf($ids: [ID!]!) {\n    users(ids: $ids) {\n      ...Person\n      ...DevicesOfPerson\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Budget {\n    defenderBudget {\n      minute {\n        limit\n        remaining\n      }\n      hour {\n        limit\n        remaining\n      }\n      pausedUntil\n    }\n  }\n"): (typeof documents)["\n  query Budget {\n    defenderBudget {\n      minute {\n        limit\n        remaining\n      }\n      hour {\n        limit\n        remaining\n      }\n      pausedUntil\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Person on User {\n    id\n    displayName\n    userPrincipalName\n    department\n    jobTitle\n  }\n"): (typeof documents)["\n  fragment Person on User {\n    id\n    displayName\n    userPrincipalName\n    department\n    jobTitle\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DevicesOfPerson on User {\n    id\n    machines {\n      ...Device\n    }\n    machinesFreshness {\n      asOf\n      source\n      complete\n    }\n  }\n"): (typeof documents)["\n  fragment DevicesOfPerson on User {\n    id\n    machines {\n      ...Device\n    }\n    machinesFreshness {\n      asOf\n      source\n      complete\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Device on Machine {\n    id\n    computerDnsName\n    healthStatus\n    riskScore\n    exposureLevel\n    rbacGroupName\n    lastSeen\n    firstSeen\n    osPlatform\n    version\n    osBuild\n    lastIpAddress\n    lastExternalIpAddress\n    deviceValue\n    onboardingStatus\n    managedBy\n    defenderAvStatus\n    agentVersion\n    machineTags\n    isPotentialDuplication\n  }\n"): (typeof documents)["\n  fragment Device on Machine {\n    id\n    computerDnsName\n    healthStatus\n    riskScore\n    exposureLevel\n    rbacGroupName\n    lastSeen\n    firstSeen\n    osPlatform\n    version\n    osBuild\n    lastIpAddress\n    lastExternalIpAddress\n    deviceValue\n    onboardingStatus\n    managedBy\n    defenderAvStatus\n    agentVersion\n    machineTags\n    isPotentialDuplication\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;