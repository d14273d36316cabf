import { expect, test } from '@jest/globals';
import { Foot } from '../../demo/foot.ts';

function footOf(isTTY: boolean) {
  const written: string[] = [];
  const foot = new Foot({ isTTY, write: (text: string) => written.push(text) > 0 });
  return { foot, written };
}

test('on a terminal a bar stays below what is printed, until it is cleared', () => {
  const { foot, written } = footOf(true);
  foot.show('users', 1, 2);
  foot.print('a row\n');
  foot.clear();
  foot.print('the end\n');
  const bar = `${'█'.repeat(12)}${'░'.repeat(12)} 1/2 users`;
  expect(written).toEqual([`\r\x1b[K${bar}`, `\r\x1b[Ka row\n${bar}`, '\r\x1b[K', 'the end\n']);
});

test('elsewhere there is only what is printed', () => {
  const { foot, written } = footOf(false);
  foot.show('starting');
  foot.show('users', 1, 2);
  foot.print('a row\n');
  foot.clear();
  expect(written).toEqual(['a row\n']);
});
