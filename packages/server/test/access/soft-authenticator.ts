import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A passkey in software (WebAuthn level 3): real signatures over what a browser would sign. */
export interface SoftAuthenticator {
  counter: number;
  /** RegistrationResponseJSON. */
  create(options: { challenge: string; rp: { id: string }; user: { id: string } }, page: Page): object;
  /** AuthenticationResponseJSON. */
  sign(options: { challenge: string; rpId: string }, page: Page): object;
}

/** Where the person is, and whether the authenticator asked for a PIN or a finger. */
export interface Page {
  readonly origin: string;
  readonly verified?: boolean;
}

export function createSoftAuthenticator(): SoftAuthenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  let userHandle = '';
  const authenticator: SoftAuthenticator = {
    counter: 0,
    create: ({ challenge, rp, user }, page) => {
      userHandle = user.id;
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(publicKey)]);
      const authData = Buffer.concat([head(rp.id, page, 0x40, authenticator.counter), attested]);
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        text('fmt'),
        text('none'),
        text('attStmt'),
        Buffer.from([0xa0]),
        text('authData'),
        Buffer.from([0x59, authData.length >> 8, authData.length & 255]),
        authData,
      ]);
      return credential({
        clientDataJSON: clientData('webauthn.create', challenge, page).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal'],
      });
    },
    sign: ({ challenge, rpId }, page) => {
      authenticator.counter += 1;
      const authData = head(rpId, page, 0, authenticator.counter);
      const client = clientData('webauthn.get', challenge, page);
      const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()]);
      return credential({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
        userHandle,
      });
    },
  };
  const credential = (response: object) => ({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  });
  return authenticator;
}

/** Section 6.1: hash of the relying party's id, flags, counter. */
function head(rpId: string, { verified = true }: Page, flags: number, counter: number): Buffer {
  const end = Buffer.alloc(5);
  end[0] = 0x01 | (verified ? 0x04 : 0) | flags;
  end.writeUInt32BE(counter, 1);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), end]);
}

function clientData(type: string, challenge: string, { origin }: Page): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
}

/** ES256 as COSE writes it: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const [bx, by] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return Buffer.concat([
    Buffer.from([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]),
    bx,
    Buffer.from([0x22, 0x58, 32]),
    by,
  ]);
}
