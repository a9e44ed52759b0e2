import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import pino from 'pino';
import { createVault, readMasterKeys, type SealContext, Secret, VaultError, type VaultErrorCode } from './index.ts';
import { parseKeyText } from './master-key.ts';

const PLAIN = 'canary-secret ünd 🔑';
const context: SealContext = {
  appId: 'app-1',
  field: 'credential',
  allowedOrigins: ['https://a.test', 'https://b.test'],
};

const keys = await readMasterKeys({ kind: 'value', key: randomBytes(32), olderKeys: [randomBytes(32)] });
const [present, older] = keys as [(typeof keys)[number], (typeof keys)[number]];

function assertRefused(act: () => unknown, code: VaultErrorCode): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(error instanceof VaultError);
    assert.equal(error.code, code);
    assert.ok(!error.message.includes('canary'));
    return true;
  });
}

describe('the vault', () => {
  const vault = createVault(keys);

  it('opens what it sealed, which shows nothing of it', () => {
    for (const plain of ['', PLAIN, 'x'.repeat(100_000)]) {
      const sealed = vault.seal(plain, context);
      assert.match(sealed, /^v1\.[\w-]+\.[\w-]{16}\.[\w-]+$/);
      assert.ok(!Buffer.from(sealed.split('.')[3] ?? '', 'base64url').includes('canary'));
      assert.equal(vault.open(sealed, context).reveal(), plain);
    }
    assert.equal(vault.open(vault.seal(new Secret(PLAIN), context), context).reveal(), PLAIN);
  });

  it('never seals twice alike', () => {
    const sealed = new Set(Array.from({ length: 2000 }, () => vault.seal(PLAIN, context).split('.')[2]));
    assert.equal(sealed.size, 2000);
  });

  const moved: [name: string, context: SealContext][] = [
    ['another app', { ...context, appId: 'app-2' }],
    ['another field', { ...context, field: 'refresh_token' }],
    ['another origin', { ...context, allowedOrigins: ['https://evil.test'] }],
    ['one more origin', { ...context, allowedOrigins: [...context.allowedOrigins, 'https://evil.test'] }],
    ['no origin', { ...context, allowedOrigins: [] }],
    ['members that run together', { ...context, appId: 'app-1","credential', field: '' }],
  ];
  for (const [name, other] of moved) {
    it(`does not open for ${name}`, () =>
      assertRefused(() => vault.open(vault.seal(PLAIN, context), other), 'not_authentic'));
  }

  it('does not mind the order of the origins', () => {
    const reversed = { ...context, allowedOrigins: [...context.allowedOrigins].reverse() };
    assert.equal(vault.open(vault.seal(PLAIN, context), reversed).reveal(), PLAIN);
  });

  it('notices every changed bit', () => {
    const sealed = vault.seal('abc', context);
    const [version, id, nonce = '', bytes = ''] = sealed.split('.');
    for (const [part, text] of [
      ['nonce', nonce],
      ['bytes', bytes],
    ] as const) {
      const raw = Buffer.from(text, 'base64url');
      for (let bit = 0; bit < raw.length * 8; bit++) {
        const changed = Buffer.from(raw);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        const encoded = changed.toString('base64url');
        const forged = [version, id, part === 'nonce' ? encoded : nonce, part === 'bytes' ? encoded : bytes].join('.');
        assertRefused(() => vault.open(forged, context), 'not_authentic');
      }
    }
  });

  it('does not let the key id be changed to another known key', () => {
    const sealed = vault.seal(PLAIN, context);
    assertRefused(() => vault.open(sealed.replace(present.id, older.id), context), 'not_authentic');
  });

  for (const text of [
    '',
    'v1',
    'v2.a.b.c',
    'v1..AAAAAAAAAAAAAAAA.',
    `v1.${present.id}.AAAAAAAAAAAAAAAA.AAAA`,
    '{"kind":"bearer"}',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assertRefused(() => vault.open(text, context), 'malformed'));
  }

  it('seals anew under the present key, and only what is not', () => {
    const before = createVault([older]).seal(PLAIN, context);
    assert.equal(vault.open(before, context).reveal(), PLAIN);
    const after = vault.reseal(before, context);
    assert.ok(after);
    assert.equal(vault.reseal(after, context), undefined);
    assert.equal(createVault([present]).open(after, context).reveal(), PLAIN);
    assertRefused(() => createVault([present]).open(before, context), 'unknown_key');
    assertRefused(() => vault.reseal(before, { ...context, appId: 'app-2' }), 'not_authentic');
  });

  it('names its keys, the sealing one first', () => {
    assert.deepEqual(vault.keyIds, [present.id, older.id]);
    assert.notEqual(present.id, older.id);
    assertRefused(() => createVault([]), 'key_unusable');
  });
});

describe('the master key', () => {
  const key = randomBytes(32);
  const forms: [name: string, text: string][] = [
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
    ['hexadecimal', key.toString('hex')],
    ['with comments and blank lines', `# ours\n\n  ${key.toString('base64')}  \r\n`],
  ];
  for (const [name, text] of forms) {
    it(`is read as ${name}`, () => assert.deepEqual(parseKeyText(text, 'The key')[0]?.bytes, key));
  }
  const refused = [
    '',
    '# none',
    'password',
    key.subarray(1).toString('base64'),
    `${key.toString('base64')} x`,
    Buffer.alloc(32).toString('base64'),
  ];
  for (const text of refused) {
    it(`is not "${text.slice(0, 12)}"`, () => assertRefused(() => parseKeyText(text, 'The key'), 'key_unusable'));
  }
  it('has the same id wherever it comes from', () => {
    assert.equal(parseKeyText(key.toString('hex'), 'a')[0]?.id, parseKeyText(key.toString('base64'), 'b')[0]?.id);
  });
});

describe('a Secret', () => {
  const secret = new Secret(PLAIN);
  const prints: [name: string, print: () => string][] = [
    ['String', () => String(secret)],
    ['a template', () => `${secret}`],
    ['concatenation', () => 'a'.concat(secret as unknown as string)],
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['inspect', () => inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ['an error', () => inspect(new Error(`failed with ${secret}`, { cause: secret }))],
    ['a spread', () => JSON.stringify({ ...secret }) + inspect({ ...secret })],
    ['its keys', () => JSON.stringify(Object.entries(secret)) + Reflect.ownKeys(secret).join()],
    ['a clone', () => inspect(structuredClone({ ...secret }))],
    [
      'pino',
      () => {
        const lines: string[] = [];
        const log = pino({}, { write: (line: string) => void lines.push(line) });
        log.info({ secret, nested: { secret } }, 'with %s and %o', secret, { secret });
        log.error(Object.assign(new Error('failed'), { secret }));
        assert.equal(lines.length, 2);
        return lines.join('');
      },
    ],
  ];
  for (const [name, print] of prints) {
    it(`is not shown by ${name}`, () => assert.ok(!print().includes('canary'), print()));
  }
  it('gives its text only when asked, and compares', () => {
    assert.equal(secret.reveal(), PLAIN);
    assert.ok(secret.equals(new Secret(PLAIN)));
    assert.ok(!secret.equals(new Secret(`${PLAIN}.`)));
  });
});
