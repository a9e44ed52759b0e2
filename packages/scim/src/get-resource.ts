import {
  buildResourcePath,
  buildSwitchedOffError,
  type EndpointContext,
  exchange,
  parseResource,
  type ScimResource,
} from './exchange.ts';
import { ScimError } from './scim-error.ts';

/**
 * One SCIM resource by its remote id; `undefined` when the target says that there is none (404, 410). An answer that is
 * not this resource is `transient`: a login page or another account must not be taken for it.
 */
export async function getResource(
  endpoint: EndpointContext,
  id: string,
  query = '',
): Promise<ScimResource | undefined> {
  if (!endpoint.verbs.get) throw buildSwitchedOffError(endpoint, 'reading one by id');
  const path = buildResourcePath(endpoint.path, id);
  try {
    const { body } = await exchange(endpoint, { method: 'GET', path: path + query, effect: 'read', addressed: true });
    const resource = body.form === 'json' ? parseResource(body.value) : undefined;
    if (resource?.id === id) return resource;
    const seen = resource === undefined ? 'something that is not an account' : 'another account';
    throw new ScimError('transient', `GET ${path} was answered with ${seen}. Check the base URL.`);
  } catch (error) {
    if (error instanceof ScimError && error.kind === 'not_found') return undefined;
    throw error;
  }
}
