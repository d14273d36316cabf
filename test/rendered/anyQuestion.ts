import fc from 'fast-check';

const some = (...values: string[]) =>
  fc.subarray(values, { minLength: 1 }).map((chosen) => chosen.join(' '));

const deviceFields = fc.oneof(
  some('id', 'computerDnsName', 'riskScore', 'lastSeen', 'machineTags', '__typename'),
  some('name: computerDnsName', 'osPlatform', 'healthStatus', 'ipAddresses { ipAddress type }'),
  some(
    'id',
    'vmMetadata { cloudProvider vmId }',
    '... on Machine { id osBuild }',
    '... { version }',
  ),
  some('ipAddresses { type }', 'ipAddresses { __typename ...{ type macAddress } }', 'isAadJoined'),
  some('id @skip(if: $yes)', '... @include(if: $yes) { lastSeen }', 'riskScore'),
);

const filter = fc.constantFrom(
  '{ riskScore: [HIGH, MEDIUM] }',
  '{ osPlatform: ["WINDOWS10"], healthStatus: [ACTIVE] }',
  '{ machineTag: "vip" }',
  '{ computerDnsNameContains: "lab" }',
  '{ lastSeenAfter: "2025-01-01T00:00:00Z" }',
  '{ riskScore: [] }',
  '$filter',
);

const given = fc
  .record(
    {
      filter,
      orderBy: fc.constantFrom(
        '{ field: LAST_SEEN, direction: DESC }',
        '{ field: RISK_SCORE }',
        '$order',
      ),
      first: fc.constantFrom('0', '1', '1', '2', '2', '$first', '$first', '-1'),
      offset: fc.constantFrom('0', '1'),
    },
    { requiredKeys: [] },
  )
  .map((args) => {
    const list = Object.entries(args).map(([name, value]) => `${name}: ${value}`);
    return list.length > 0 ? `(${list.join(', ')})` : '';
  });

const field = fc.oneof(
  fc.constantFrom('id', '__typename', 'self: id', 'machineCount'),
  fc.record({ given, deviceFields }).map((f) => `machines${f.given} { ${f.deviceFields} }`),
  filter.map((value) => `machineCount(filter: ${value})`),
  some('asOf', 'source', 'complete').map((fields) => `machinesFreshness { ${fields} }`),
);

const condition = fc.constantFrom(
  '',
  '',
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@skip(if: true)',
);

/** What is asked of a user: each field under a response key of its own where it could clash with another. */
const selection = fc
  .array(fc.record({ field, condition, wrap: fc.constantFrom('none', 'inline', 'spread') }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => {
    const fragments: string[] = [];
    const texts = parts.map(({ field: text, condition: when, wrap }, n) => {
      const aliased = `f${n}_: ${text.replace(/^self: /, '')}`;
      if (wrap === 'none') return aliased.replace(/^(f\d_: \w+(?:\([^)]*\))?)/, `$1 ${when}`);
      if (wrap === 'inline') return `... on User ${when} { ${aliased} }`;
      fragments.push(`{ ${aliased} }`);
      return `...%${fragments.length - 1} ${when}`;
    });
    return { text: texts.join(' '), fragments };
  });

/** As two lists have to, for their answers to be kept. */
const looksUp = selection.map(({ text, fragments }) => ({
  text: `${text} machineCount`,
  fragments,
}));

const VARIABLES = {
  filter: 'MachineFilter',
  order: 'MachineOrder',
  first: 'Int = 1',
  yes: 'Boolean! = true',
};

/** A document that asks for one list of users, or for two, with whatever a router or a client may write. */
export const anyDocument = fc
  .record({
    lists: fc.oneof(
      { weight: 3, arbitrary: fc.tuple(selection) },
      { weight: 1, arbitrary: fc.tuple(looksUp, looksUp) },
    ),
    operationName: fc.constantFrom('', 'Devices'),
    rest: fc.constantFrom('', '', '', '', '', '__typename'),
  })
  .map(({ lists, operationName, rest }) => {
    const fragments: string[] = [];
    const fields = lists.map(({ text, fragments: own }, n) => {
      const named = text.replace(/%(\d+)/g, (_, index: string) => `Part${n}x${index}`);
      own.forEach((part, index) => fragments.push(`fragment Part${n}x${index} on User ${part}`));
      return `list${n}: _entities(representations: $r${n}) { ... on User { ${named} } }`;
    });
    const body = `{ ${fields.join(' ')} ${rest} } ${fragments.join(' ')}`;
    const declared = Object.entries(VARIABLES)
      .filter(([name]) => body.includes(`$${name}`))
      .map(([name, type]) => `$${name}: ${type}`);
    const representations = lists.map((_, n) => `$r${n}: [_Any!]!`);
    return {
      query: `query ${operationName}(${[...representations, ...declared].join(', ')}) ${body}`,
      operationName: operationName || undefined,
      lists: lists.length,
    };
  });

/** The variables of a document but for its representations; some are of the wrong type. */
export const anyVariables = fc.record(
  {
    filter: fc.constantFrom({ machineTag: 'pci' }, { riskScore: ['LOW'] }, null),
    order: fc.constantFrom({ field: 'COMPUTER_DNS_NAME', direction: 'DESC' }),
    first: fc.constantFrom<unknown>(0, 1, 2, 3, null, 'two'),
    yes: fc.boolean(),
  },
  { requiredKeys: [] },
);
