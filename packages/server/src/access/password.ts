import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const MOST_AT_ONCE = 2;
const SHORTEST = 12;
const LONGEST = 256;
/** Long enough, and known to every list of guesses. */
const COMMON =
  /^(?:123456789012\d*|1234567890+|qwertyuiop(?:asdf.*)?|qwerty12345\d*|password\W?\d*|passwordpassword|administrator\d*|letmeinletmein|iloveyou\d*|changeme(?:changeme|\d*)|welcome\d*|correcthorsebatterystaple)!*$/i;

type Argon2 = (algorithm: 'argon2id', parameters: { message: string; nonce: Buffer } & typeof COST) => Promise<Buffer>;
const derive = promisify(argon2) as unknown as Argon2;

/** What is wrong with a password that somebody chooses, or undefined. */
export function checkPassword(password: string, own: readonly string[]): { problem: string; fix: string } | undefined {
  const fix = 'Choose a longer sentence, or let a password manager make one.';
  const length = [...password].length;
  if (length < SHORTEST) return { problem: `has ${length} characters, fewer than ${SHORTEST}`, fix };
  if (length > LONGEST) return { problem: `has more than ${LONGEST} characters`, fix: 'Choose a shorter one.' };
  if (new Set(password).size < 5) return { problem: 'repeats a few characters', fix };
  if (COMMON.test(password)) return { problem: 'is on every list of guesses', fix };
  const simple = password.toLowerCase();
  const parts = own.map((text) => text.toLowerCase()).filter((text) => text.length >= 4);
  if (parts.some((part) => simple.replace(part, '').length < 6)) {
    return { problem: 'is little more than your name or address', fix };
  }
  return undefined;
}

/** As PHC writes it: `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await inTurn(() => derive('argon2id', { message: normalize(password), nonce, ...COST }));
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(nonce)}$${encode(tag)}`;
}

/** Whether it is the password. Without a hash it takes as long all the same, so that time does not tell who is known here. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const { parameters, nonce, tag } = parsePhc(stored ?? ABSENT);
  if (password.length > LONGEST * 4) return false;
  const found = await inTurn(() => derive('argon2id', { message: normalize(password), nonce, ...parameters }));
  return timingSafeEqual(found, tag) && stored !== undefined;
}

/** Whether a hash was made at another cost than the present one, and is to be made anew at the next sign-in. */
export function isOutdated(stored: string): boolean {
  const { memory, passes, parallelism } = COST;
  return !stored.startsWith(`$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$`);
}

const ABSENT = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${encode(Buffer.alloc(16))}$${encode(Buffer.alloc(32))}`;

function parsePhc(stored: string): { parameters: typeof COST; nonce: Buffer; tag: Buffer } {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    stored,
  );
  const [, memory, passes, parallelism, nonce = '', tag = ''] = match ?? [];
  if (!match) throw new Error('A stored password hash is not one that this version of Usher made');
  const tagBytes = Buffer.from(tag, 'base64');
  const parameters = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: tagBytes.length,
  } as unknown as typeof COST;
  return { parameters, nonce: Buffer.from(nonce, 'base64'), tag: tagBytes };
}

/** One spelling of what looks the same, whatever keyboard it was typed on (RFC 8265 section 4.2.2). */
function normalize(password: string): string {
  return password.normalize('NFC');
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

let running = 0;
const waiting: Array<() => void> = [];

/** Each takes 19 MiB and a core: a flood of sign-ins waits rather than taking the memory. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
