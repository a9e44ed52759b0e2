import { ConnectorError } from './connector-error.ts';
import type { HttpTransport } from './transport.ts';

/**
 * One operation of another protocol over the app's transport: as the body of a request that the host understands. What
 * protocol an app speaks is said by the scheme of its base URL, so a connector cannot choose it.
 */
export async function carry<Answer>(
  http: HttpTransport,
  contentType: string,
  operation: object,
  effect: 'read' | 'write',
): Promise<Answer> {
  const request = {
    method: 'POST',
    path: '',
    effect,
    headers: { 'content-type': contentType },
    body: JSON.stringify(operation),
  } as const;
  const { status, body } = await http.request(request);
  if (status === 200) return JSON.parse(body) as Answer;
  throw new ConnectorError(
    'unsupported',
    "The app's base URL is of another protocol than its connector speaks. Give one that begins as the connector says.",
    { status },
  );
}
