/** A replica that lost its lease tried to write: it must stop at once. */
export class LeaseLostError extends Error {
  constructor(appId: number) {
    super(`The lease of app ${appId} is lost`);
    this.name = 'LeaseLostError';
  }
}
