import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';

/**
 * Gathers a body up to a limit. One chunk, the usual case, is kept as it is; more are copied into one growing buffer,
 * since a target that sends single bytes would otherwise cost a hundred times its body in small objects.
 */
export class BodyBuffer {
  #bytes: Buffer | undefined;
  #length = 0;
  #isOwned = false;

  get length(): number {
    return this.#length;
  }

  /** False when the limit is passed; the chunk is not kept then. */
  append(chunk: Buffer, maxBytes: number): boolean {
    const length = this.#length + chunk.length;
    if (length > maxBytes) return false;
    if (this.#bytes === undefined) {
      this.#bytes = chunk;
    } else {
      if (!this.#isOwned || this.#bytes.length < length) this.#grow(Math.min(maxBytes, Math.max(length * 2, 4096)));
      chunk.copy(this.#bytes, this.#length);
    }
    this.#length = length;
    return true;
  }

  #grow(capacity: number): void {
    const grown = Buffer.allocUnsafeSlow(capacity);
    this.#bytes?.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    this.#isOwned = true;
  }

  get bytes(): Buffer {
    return this.#bytes?.subarray(0, this.#length) ?? Buffer.alloc(0);
  }
}

export type DecodeProblem = 'too large' | 'unknown encoding' | 'corrupt';

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECOMPRESS: Record<string, Decompress> = {
  gzip: promisify(gunzip) as Decompress,
  'x-gzip': promisify(gunzip) as Decompress,
  br: promisify(brotliDecompress) as Decompress,
  zstd: promisify(zstdDecompress) as Decompress,
  // Some servers send raw deflate under this name; a zlib stream begins with the method 8 in its low bits.
  deflate: (bytes, options) =>
    ((bytes[0] ?? 0) & 0x0f) === 8
      ? (promisify(inflate) as Decompress)(bytes, options)
      : (promisify(inflateRaw) as Decompress)(bytes, options),
};

/** Undoes one layer of compression, never beyond the limit. More layers are refused: each multiplies the next. */
export async function decompressBody(
  bytes: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<{ ok: true; bytes: Buffer } | { ok: false; problem: DecodeProblem }> {
  const decompress = Object.hasOwn(DECOMPRESS, encoding) ? DECOMPRESS[encoding] : undefined;
  if (!decompress) return { ok: false, problem: 'unknown encoding' };
  if (bytes.length === 0) return { ok: true, bytes };
  try {
    return { ok: true, bytes: await decompress(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const isTooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return { ok: false, problem: isTooLarge ? 'too large' : 'corrupt' };
  }
}

/** Text in the charset of the content type, UTF-8 where it names none or one that is unknown. No byte order mark. */
export function decodeText(bytes: Buffer, contentType: string | undefined): string {
  const charset = contentType?.includes('charset')
    ? /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType)?.[1]
    : undefined;
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      // An unknown charset: its ASCII part is still worth reading.
    }
  }
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
