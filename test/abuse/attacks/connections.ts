import { randomBytes } from 'node:crypto';
import { raw, rows, type Attack } from '../attack.ts';

const GOOD = '{"query":"{ __typename }"}';
const START = 'POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n';
const LAST = `${START}connection: close\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`;
const CHUNKED = `${START}connection: close\r\ntransfer-encoding: chunked\r\n`;
const request = `${START}content-length: ${GOOD.length}\r\n\r\n${GOOD}`;

export const connections: readonly Attack[] = [
  ...rows('400 BAD_REQUEST', {
    'a length and chunks': raw(
      `${START}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n`,
    ),
    'chunks and a length': raw(
      `${START}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n`,
    ),
    'chunks in a disguise': raw(`${START}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`),
    'chunks that are not the last coding': raw(
      `${START}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    ),
    'chunks with a tab': raw(`${START}transfer-encoding:\tchunked\x0b\r\n\r\n0\r\n\r\n`),
    'a size of a chunk that is no number': raw(`${CHUNKED}\r\nzz\r\n`),
    'a size of a chunk that is negative': raw(`${CHUNKED}\r\n-1\r\n`),
    'a size of a chunk beyond 64 bits': raw(`${CHUNKED}\r\nfffffffffffffffff\r\n`),
    'lines that end without a carriage return': raw(
      `${START}content-length: 4\r\nx: y\n\rtransfer-encoding: chunked\r\n\r\n`,
    ),
    'TLS where there is none': () =>
      Buffer.concat([Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), randomBytes(512)]),
    'HTTP/2 without asking': raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    'HTTP/9': raw('GET / HTTP/9.9\r\nhost: {host}\r\n\r\n'),
    'another protocol': raw('EHLO evil.example\r\n\r\n'),
    noise: () => randomBytes(100_000),
    'null bytes': () => Buffer.alloc(100_000),
  }),
  ...rows('408 BAD_REQUEST', {
    'headers that never end': raw(`${START}x: y`),
    'a body that never ends': raw(`${START}content-length: 1000\r\n\r\n${GOOD}`),
    'chunks that never end': raw(`${CHUNKED}\r\n1\r\n{\r\n`),
  }),
  ...rows('none', {
    'a connection for something else': raw(
      'CONNECT evil.example:443 HTTP/1.1\r\nhost: {host}\r\n\r\n',
    ),
  }),
  ...rows('417', {
    'an expectation that nobody can meet': raw(
      `${START}expect: 200-maybe\r\nconnection: close\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`,
    ),
  }),
  ...rows('200', {
    'chunks of one byte': raw(
      `${CHUNKED}\r\n${GOOD.split('')
        .map((letter) => `1\r\n${letter}\r\n`)
        .join('')}0\r\n\r\n`,
    ),
    'a trailer with a token': raw(
      `${CHUNKED}trailer: authorization\r\n\r\n${GOOD.length.toString(16)}\r\n${GOOD}\r\n0\r\nauthorization: Bearer x\r\n\r\n`,
    ),
    'an upgrade to a web socket': raw(
      `${START}connection: upgrade, close\r\nupgrade: websocket\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`,
    ),
    'an upgrade to HTTP/2': raw(
      `${START}connection: upgrade, http2-settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`,
    ),
    'an absolute address of somebody else': raw(
      `POST http://evil.example/graphql HTTP/1.1\r\n${LAST.split('\r\n').slice(1).join('\r\n')}`,
    ),
    'HTTP/1.0 with a host': raw(
      `POST /graphql HTTP/1.0\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`,
    ),
  }),
  ...rows('400 BAD_REQUEST', {
    'HTTP/1.0 without a host': raw(
      `POST /graphql HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: ${GOOD.length}\r\n\r\n${GOOD}`,
    ),
  }),
  {
    name: 'three requests at once on one connection',
    send: raw(request.repeat(2) + LAST),
    answer: '200, 200, 200',
  },
  {
    name: 'a body that is longer than its length: what is left is no request',
    send: raw(`${START}content-length: ${GOOD.length}\r\n\r\n${GOOD}{"query":"{ a }"}`),
    answer: '400 BAD_REQUEST',
  },
  {
    name: '500 requests at once on one connection',
    send: raw(request.repeat(499) + LAST),
    answer: Array.from({ length: 500 }, () => '200').join(', '),
  },
];
