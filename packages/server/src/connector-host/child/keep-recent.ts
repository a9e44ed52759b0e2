/** Settings and memories of more than this many recent uses are forgotten; the host and the child count alike. */
const MOST = 64;

/** Puts an entry last, and forgets the one that was used longest ago when there are too many. */
export function keepRecent<Value>(map: Map<number, Value>, key: number, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
