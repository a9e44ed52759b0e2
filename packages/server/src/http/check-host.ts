import { isIP } from 'node:net';

export interface ListeningPlace {
  /** The address that the server listens on. */
  readonly host: string;
  /** Where people reach it, when that is another address. */
  readonly publicUrl?: string | undefined;
}

/**
 * Whether a request may have been meant for this server, by its Host header. A page of another site whose name was made to point
 * here (DNS rebinding) sends its own name. A server on the network without a public URL cannot know its names, and takes any.
 */
export function isHostAllowed(hostHeader: string | undefined, place: ListeningPlace): boolean {
  const name = parseHostName(hostHeader);
  if (name === undefined) return false;
  if (isLoopbackName(name) || name === place.host.toLowerCase()) return true;
  if (place.publicUrl !== undefined && name === new URL(place.publicUrl).hostname.replace(/^\[|\]$/g, '')) return true;
  if (isLoopbackName(place.host)) return false;
  return place.publicUrl === undefined || isIP(name) !== 0;
}

function parseHostName(hostHeader: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(hostHeader ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
}

export function isLoopbackName(name: string): boolean {
  return name.toLowerCase() === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
