/**
 * Ids that are promised to users who were named as managers before their own line was read. The line that creates the user
 * takes the promised id; a promise that nobody took was of a user that does not exist.
 */
export class ManagerReservations {
  readonly #byUsername = new Map<string, string>();
  readonly #uuid: () => string;

  constructor(uuid: () => string) {
    this.#uuid = uuid;
  }

  reserve(username: string): string {
    const key = username.toLowerCase();
    const id = this.#byUsername.get(key) ?? this.#uuid();
    this.#byUsername.set(key, id);
    return id;
  }

  /** The id of a new user. */
  take(username: string | undefined): string {
    const key = username?.toLowerCase() ?? '';
    const id = this.#byUsername.get(key);
    if (id === undefined) return this.#uuid();
    this.#byUsername.delete(key);
    return id;
  }

  /** Promises that nobody took: Username and id. */
  left(): { username: string; id: string }[] {
    return [...this.#byUsername].map(([username, id]) => ({ username, id }));
  }
}
