import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BrokerAddress,
  displayBrokerUrl,
  formatBrokerUrl,
  parseBrokerUrl,
  redact,
} from '../../../src/workload/brokerUrl.ts';
import { Random } from './random.ts';

const GUEST: BrokerAddress = {
  tls: false,
  host: 'rabbitmq-service',
  port: 5672,
  user: 'guest',
  password: 'guest',
  vhost: '/',
};
const BARE = { ...GUEST, host: 'host', user: undefined, password: undefined };
const USER = { ...GUEST, host: 'host', user: 'u', password: 'p' };

const READ: [string, string, BrokerAddress][] = [
  ["the documentation's URL", 'amqp://guest:guest@rabbitmq-service:5672', GUEST],
  ['without a port it is 5672', 'amqp://guest:guest@rabbitmq-service', GUEST],
  ['with TLS the port is 5671', 'amqps://host', { ...BARE, tls: true, port: 5671 }],
  ['a port beside TLS', 'amqps://host:1234', { ...BARE, tls: true, port: 1234 }],
  ['no user and no password', 'amqp://host', BARE],
  ['a user without a password', 'amqp://u@host', { ...USER, password: undefined }],
  ['an empty password is one', 'amqp://u:@host', { ...USER, password: '' }],
  ['the scheme in capitals', 'AMQP://host', BARE],
  ['a line break at the end, as a Secret made by echo has', 'amqp://host\n', BARE],
  ['spaces around it', '  amqp://host ', BARE],
  ['a colon without a port', 'amqp://host:', BARE],
  [
    'a host of the cluster',
    'amqp://rabbitmq-service.team.svc.cluster.local',
    { ...BARE, host: 'rabbitmq-service.team.svc.cluster.local' },
  ],
  ['an IPv4 address', 'amqp://10.0.0.7:5672', { ...BARE, host: '10.0.0.7' }],
  ['an IPv6 address', 'amqp://[::1]', { ...BARE, host: '::1' }],
  [
    'an IPv6 address with port and user',
    'amqp://u:p@[fd00::12]:100/v',
    { ...USER, host: 'fd00::12', port: 100, vhost: 'v' },
  ],
  ['an encoded host', 'amqp://ho%61st', { ...BARE, host: 'hoast' }],
  ['a vhost', 'amqp://host/team', { ...BARE, vhost: 'team' }],
  ['the vhost / in its encoded form', 'amqp://host/%2F', BARE],
  ['a vhost with a slash', 'amqp://host/a%2fb', { ...BARE, vhost: 'a/b' }],
  ['a vhost with a letter of its own', 'amqp://host/b%C3%BCro', { ...BARE, vhost: 'büro' }],
  ['parameters are left aside', 'amqp://host/v?heartbeat=30', { ...BARE, vhost: 'v' }],
  ['parameters without a vhost', 'amqp://host?heartbeat=30', BARE],
  ['an encoded password', 'amqp://u:%23%2F%40%25%C3%BC@host', { ...USER, password: '#/@%ü' }],
  ['a password with a hash', 'amqp://u:p#1@host', { ...USER, password: 'p#1' }],
  ['a password with a question mark', 'amqp://u:p?1@host', { ...USER, password: 'p?1' }],
  ['a password with an at sign', 'amqp://u:p@ss@host', { ...USER, password: 'p@ss' }],
  ['a password with a colon', 'amqp://u:p:1@host', { ...USER, password: 'p:1' }],
  ['a password with a slash', 'amqp://u:p/1@host/v', { ...USER, password: 'p/1', vhost: 'v' }],
  ['a password with all of them', 'amqp://u:a#/@ü@host:5672', { ...USER, password: 'a#/@ü' }],
  ['a percent sign that encodes nothing', 'amqp://u:50%@host', { ...USER, password: '50%' }],
  ['a percent sign before letters', 'amqp://u:5%zz@host', { ...USER, password: '5%zz' }],
  ['an encoded user', 'amqp://a%40b:p@host', { ...USER, user: 'a@b' }],
  ['an emoji in the password', 'amqp://u:%F0%9F%98%80@host', { ...USER, password: '😀' }],
  ['an at sign in the vhost', 'amqp://u:p@host/v@h', { ...USER, vhost: 'v@h' }],
  ['the largest port', 'amqp://host:65535', { ...BARE, port: 65535 }],
];
for (const [name, url, address] of READ)
  test(`reads ${name}`, () => assert.deepEqual(parseBrokerUrl(url), { address }));

const REFUSED: [string, string, string][] = [
  ['an empty text', '', 'empty'],
  ['spaces', '  \n', 'empty'],
  ['a web address', 'http://host', 'not-amqp'],
  ['a host alone', 'rabbitmq-service:5672', 'not-amqp'],
  ['a scheme with one slash', 'amqp:/host', 'not-amqp'],
  ['a URL without a host', 'amqp://', 'no-host'],
  ['a port without a host', 'amqp://:5672', 'no-host'],
  ['a user without a host', 'amqp://u:p@', 'no-host'],
  ['a vhost without a host', 'amqp:///v', 'no-host'],
  ['a space in the host', 'amqp://my host', 'no-host'],
  ['a line break in the host', 'amqp://ho\nst', 'no-host'],
  ['a bracket that does not close', 'amqp://[::1', 'no-host'],
  ['text behind the bracket', 'amqp://[::1]x', 'no-host'],
  ['port 0', 'amqp://host:0', 'bad-port'],
  ['a port too large', 'amqp://host:65536', 'bad-port'],
  ['letters for a port', 'amqp://host:abc', 'bad-port'],
  ['a number and letters for a port', 'amqp://host:1000xyz', 'bad-port'],
  ['two ports', 'amqp://foo:bar:baz', 'bad-port'],
  ['a negative port', 'amqp://host:-1', 'bad-port'],
  ['a slash in the vhost', 'amqp://host/a/b', 'bad-vhost'],
  ['a slash and nothing behind it, which Pods read as a vhost of no name', 'amqp://host/', 'bad-vhost'],
  ['bytes that are no text', 'amqp://u:%FF@host', 'bad-encoding'],
  ['bytes that are no text in the vhost', 'amqp://host/%C3', 'bad-encoding'],
];
for (const [name, url, problem] of REFUSED)
  test(`refuses ${name}`, () => assert.deepEqual(parseBrokerUrl(url), { problem }));

const WRITTEN: [string, BrokerAddress, string, string][] = [
  ['the plain form', GUEST, 'amqp://guest:guest@rabbitmq-service:5672', 'amqp://guest@rabbitmq-service:5672'],
  ['without a user', BARE, 'amqp://host:5672', 'amqp://host:5672'],
  ['a vhost', { ...USER, vhost: 'a/b' }, 'amqp://u:p@host:5672/a%2Fb', 'amqp://u@host:5672/a%2Fb'],
  ['TLS and IPv6', { ...USER, tls: true, host: '::1', port: 5671 }, 'amqps://u:p@[::1]:5671', 'amqps://u@[::1]:5671'],
  [
    'a password of signs',
    { ...USER, password: "#/@%ü'" },
    'amqp://u:%23%2F%40%25%C3%BC%27@host:5672',
    'amqp://u@host:5672',
  ],
  ['a user with an at sign', { ...USER, user: 'a@b' }, 'amqp://a%40b:p@host:5672', 'amqp://a%40b@host:5672'],
];
for (const [name, address, url, shown] of WRITTEN) {
  test(`writes ${name}`, () => assert.equal(formatBrokerUrl(address), url));
  test(`shows ${name} without the password`, () => assert.equal(displayBrokerUrl(address), shown));
}

test('whatever the password, user and vhost: a written URL is read back the same', () => {
  const letters = [
    'a',
    '0',
    '%',
    '%4',
    '%41',
    '/',
    '@',
    ':',
    '#',
    '?',
    ' ',
    'ü',
    '😀',
    '\n',
    '[',
    ']',
    '&',
    '\\',
    '"',
    "'",
    '$',
  ] as const;
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed);
    const word = (from: number) => Array.from({ length: random.int(from, 6) }, () => random.pick(letters)).join('');
    const host = random.pick(['rabbit', 'rabbit.team.svc', '10.1.2.3', '::1']);
    const address = {
      tls: random.chance(0.5),
      host,
      port: random.int(1, 65535),
      user: word(1),
      password: word(0),
      vhost: word(1),
    };
    assert.deepEqual(parseBrokerUrl(formatBrokerUrl(address)), { address }, `seed ${seed}`);
    assert.ok(!displayBrokerUrl({ ...address, password: 'Secret0' }).includes('Secret0'), `seed ${seed}`);
  }
});

const REDACTED: [string, string, string][] = [
  ['a URL', 'amqp://u:secret@host', 'amqp://u:***@host'],
  ['a URL in a sentence', 'cannot reach amqp://u:secret@host:5672/v now', 'cannot reach amqp://u:***@host:5672/v now'],
  ['two URLs', 'amqp://u:one@a and http://v:two@b', 'amqp://u:***@a and http://v:***@b'],
  ['a password with an at sign', 'amqp://u:se@cret@host', 'amqp://u:***@host'],
  ['a password with a slash', 'amqp://u:se/cret@host', 'amqp://u:***@host'],
  ['a password with a quote', `amqp://u:se"cr'et@host`, 'amqp://u:***@host'],
  ['a password of digits', 'amqp://u:1234@host', 'amqp://u:***@host'],
  ['an empty user', 'amqp://:secret@host', 'amqp://:***@host'],
  ['an encoded password', 'amqp://u:a%40b@host', 'amqp://u:***@host'],
  ['a URL in quotes', '{"url":"amqp://u:secret@host"}', '{"url":"amqp://u:***@host"}'],
  ['an empty password', 'amqp://u:@host', 'amqp://u:***@host'],
  ['a URL without a password', 'amqp://u@host:5672', 'amqp://u@host:5672'],
  ['an address of mail', 'write to a:b@c.example', 'write to a:b@c.example'],
  ['an image with a digest', 'https://127.0.0.1:5000/v2/app@sha256:0', 'https://127.0.0.1:5000/v2/app@sha256:0'],
  ['a text without any', 'nothing here: 12:30', 'nothing here: 12:30'],
  ['an empty text', '', ''],
];
for (const [name, text, expected] of REDACTED) test(`redacts ${name}`, () => assert.equal(redact(text), expected));

test('redacts a line of ten megabytes as one of its ends', () => {
  const filler = '//a:'.repeat(2_500_000);
  assert.ok(redact(`${filler}secret@host`).endsWith('***@host'));
  assert.equal(redact(filler), filler);
});
