import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLog } from '../../src/telemetry/log.ts';
import { createRedaction } from '../../src/telemetry/redaction.ts';

const SECRET = 'p@ss"word\\of\nthe service';
const redact = createRedaction([SECRET, 'short']);
const base64url = (least: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${least},400}$`));
const token = fc
  .tuple(base64url(8), base64url(8), base64url(1))
  .map(([a, b, c]) => `eyJ${a}.${b}.${c}`);

describe('what a log must not hold is taken out of it', () => {
  test('any token, wherever it stands', () => {
    fc.assert(
      fc.property(token, fc.string(), fc.string(), (one, before, after) => {
        const text = redact(`${before} ${one} ${after}`);
        for (const part of one.split('.').filter(({ length }) => length > 20))
          expect(text).not.toContain(part);
      }),
    );
  });

  test('a token that is no JSON Web Token, behind its scheme', () => {
    expect(redact('authorization: Bearer abcdefghijklmnop0123~+/==, x')).toBe(
      'authorization: Bearer [redacted], x',
    );
    expect(redact('bearer of bad news')).toBe('bearer of bad news');
  });

  test('the fields of an exchange, in a form and in JSON within JSON', () => {
    expect(redact('grant=x&assertion=abc.def&client_secret=a%2Bb&scope=y')).toBe(
      'grant=x&assertion=[redacted]&client_secret=[redacted]&scope=y',
    );
    expect(redact(JSON.stringify({ body: JSON.stringify({ access_token: 'abc' }) }))).toBe(
      '{"body":"{\\"access_token\\":\\"[redacted]\\"}"}',
    );
  });

  test('a secret of the configuration, as it is, in JSON and in a URL', () => {
    for (const spelling of [
      SECRET,
      JSON.stringify(SECRET).slice(1, -1),
      encodeURIComponent(SECRET),
    ])
      expect(redact(`before ${spelling} after`)).toBe('before [redacted] after');
  });

  test('and nothing else', () => {
    const line = '{"level":30,"msg":"request","operation":"Devices","short":"a key"}';
    expect(redact(line)).toBe(line);
  });

  test('in whatever part of a line of the log', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) }, [SECRET]);
    const jwt = `eyJ${'a'.repeat(30)}.${'b'.repeat(30)}.${'c'.repeat(30)}`;
    const cause = new Error(`inner ${SECRET}`);
    const err = Object.assign(new Error(`outer ${jwt}`, { cause }), {
      config: { headers: { authorization: `Bearer ${jwt}` } },
    });
    log.error({ err, [jwt]: { deep: [SECRET] } }, `message ${jwt}`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('outer [redacted]');
    expect(lines[0]).not.toMatch(/a{20}|b{20}|c{20}|ss\\"word/);
    expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow();
  });
});
