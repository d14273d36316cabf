/** The 11 properties of a device that are asked for. */
const FIELDS =
  'id computerDnsName firstSeen lastSeen osPlatform version healthStatus riskScore exposureLevel rbacGroupName machineTags';

/** As a router words it: the same text for whatever users it needs. */
export const DEVICES = `query Directory__machines__1($representations:[_Any!]!){_entities(representations:$representations){...on User{machines{${FIELDS}}}}}`;

/** Takes a filter from a variable, and an order and a number from the text. */
export const FILTERED = `query Directory__machines__2($representations:[_Any!]!$filter:MachineFilter){_entities(representations:$representations){...on User{machines(filter:$filter orderBy:{field:LAST_SEEN direction:DESC}first:3){${FIELDS}}}}}`;

export const FILTER = {
  healthStatus: ['ACTIVE', 'INACTIVE', 'NO_SENSOR_DATA'],
  osPlatform: ['Windows11', 'windows10', 'macOS', 'Ubuntu'],
};

/** What stands in a document for a number of its own. */
export const NUMBER = '0000000000';

/** Another text each time, so that no parsed or prepared document fits. */
export const FRESH = `query Fresh_${NUMBER}${DEVICES.slice(DEVICES.indexOf('('))}`;

/** The JSON body of a request about these users. */
export function bodyOf(
  query: string,
  userNames: readonly string[],
  others: Readonly<Record<string, unknown>> = {},
): string {
  const representations = userNames.map((id) => ({ __typename: 'User', id }));
  return JSON.stringify({ query, variables: { representations, ...others } });
}
