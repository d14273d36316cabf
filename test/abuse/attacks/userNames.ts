import { query, rows, type Attack, type Bytes } from '../attack.ts';

const BY_KEY = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id machineCount } }
}`;
const BY_NAME =
  'query ($names: [String!]!) { machinesByUser(userNames: $names) { userName machineCount } }';

/** None of them can be an account name. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  nothing: '',
  'spaces alone': '   ',
  'one dot': '.',
  'two dots': '..',
  'a step up': '../../machines',
  'a step up with a backslash': '..\\..\\machines',
  'a path': '/api/machines',
  'a path behind the name': 'user1/machines/../../..',
  'a host': '//evil.example/x',
  'a null byte': 'user1\0',
  'a line break and a header': 'user1\r\nx-injected: 1',
  'a line feed': 'user1\n',
  'a tab': 'user\t1',
  'an escape': '\u001b[31muser1',
  'a delete': 'user1\u007f',
  'a C1 control': 'user1\u0085',
  'a line separator': 'user1\u2028',
  'a mark of direction': 'user1\u202egpj',
  'a zero-width space': 'user\u200b1',
  'a byte order mark': '\ufeffuser1',
  'a surrogate on its own': 'user1\ud800',
  'two ats': 'user1@contoso.com@evil.example',
  'an at with nothing behind it': 'user1@',
  'two domains': 'A\\B\\user1',
  '257 characters': 'x'.repeat(257),
  '10 kB': 'x'.repeat(10_240),
  '1 MB': 'é'.repeat(500_000),
  'an object id': '6f9619ff-8b86-d011-b42d-00c04fc964ff',
};

/** Odd, but one segment of the path when it is encoded: Defender is asked, and knows nobody by that name. */
const ODD: Readonly<Record<string, readonly [given: string, account: string]>> = {
  'an encoded slash': ['%2Fuser-a', '%2fuser-a'],
  'encoded steps up': ['%2e%2e%2f%2e%2e', '%2e%2e%2f%2e%2e'],
  'a double encoding': ['%252e%252e', '%252e%252e'],
  'an encoding that is none': ['%zz%', '%zz%'],
  'a query': ['user-b?$top=1&x=y', 'user-b?$top=1&x=y'],
  'a fragment': ['user-c#x', 'user-c#x'],
  'a semicolon': ["user-d;a='1'", "user-d;a='1'"],
  'an OData filter': ["x' or '1' eq '1", "x' or '1' eq '1"],
  'a template': ['${7*7}{{7*7}}', '${7*7}{{7*7}}'],
  markup: ['<script>alert(1)<', '<script>alert(1)<'],
  'a prototype key': ['__proto__', '__proto__'],
  'another prototype key': ['constructor', 'constructor'],
  'a method of objects': ['hasOwnProperty', 'hasownproperty'],
  'letters of other scripts': ['ﬁлω\u0301漢', 'ﬁлώ漢'],
  'a sign outside of the first plane': ['👩‍'.slice(0, 2), '👩'],
  'a colon': ['http:user-e', 'http:user-e'],
};

function byBoth(name: string): Record<string, Bytes> {
  return {
    'as a key': query(BY_KEY, { representations: [{ __typename: 'User', id: name }] }),
    'as a name': query(BY_NAME, { names: [name] }),
  };
}

export const userNames: readonly Attack[] = [
  ...Object.entries(IMPOSSIBLE).flatMap(([what, name]) =>
    Object.entries(byBoth(name)).flatMap(([how, send]) =>
      rows('200 BAD_USER_INPUT', { [`a user name of ${what}, ${how}`]: send }),
    ),
  ),
  ...Object.entries(ODD).flatMap(([what, [given, account]]) =>
    rows(
      '200',
      { [`a user name with ${what}`]: query(BY_NAME, { names: [given] }) },
      { asks: [account] },
    ),
  ),
];
