/** Where a walk through redirects and forms came to. */
export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** The exact requests of a browser, without a window: cookies, redirects, forms. */
export interface Browser {
  /** Follows redirects, also to other origins, until one begins with `stopAt`: that one is not asked for. */
  visit(url: string, options?: { stopAt?: string; form?: Record<string, string> }): Promise<Visit>;
  /** Signs in at an authorization server, consents, and comes back. Gives the answer's URL, which was not asked for. */
  authorize(url: string, person: string, stopAt: string): Promise<string>;
  /** Cookies that a page of this origin set, as a header. */
  cookies(origin: string): string;
  setCookies(origin: string, headers: readonly string[]): void;
}

const MOST_STEPS = 20;

export function createBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (origin: string): Map<string, string> => {
    // Cookies belong to a host, whatever its port.
    const { hostname } = new URL(origin);
    const jar = jars.get(hostname) ?? new Map<string, string>();
    jars.set(hostname, jar);
    return jar;
  };
  const setCookies: Browser['setCookies'] = (origin, headers) => {
    for (const header of headers) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(header) ?? [];
      if (/;\s*(?:max-age=0|expires=thu, 01 jan 1970)/i.test(header)) jarOf(origin).delete(name);
      else jarOf(origin).set(name, value);
    }
  };
  const cookies: Browser['cookies'] = (origin) =>
    [...jarOf(origin)].map(([name, value]) => `${name}=${value}`).join('; ');

  const visit: Browser['visit'] = async (start, { stopAt, form } = {}) => {
    let url = start;
    let body = form;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const sent = body && new URLSearchParams(body);
      const response = await fetch(url, {
        method: sent ? 'POST' : 'GET',
        headers: { cookie: cookies(url) },
        redirect: 'manual',
        ...(sent ? { body: sent } : {}),
      });
      setCookies(url, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { url, status: response.status, headers: response.headers, body: await response.text() };
      }
      await response.body?.cancel();
      url = new URL(location, url).href;
      body = undefined;
      if (stopAt !== undefined && url.startsWith(stopAt)) {
        return { url, status: response.status, headers: response.headers, body: '' };
      }
    }
    throw new Error(`The walk from ${start} goes round in circles; it was at ${url}`);
  };

  const authorize: Browser['authorize'] = async (start, person, stopAt) => {
    let page = await visit(start, { stopAt });
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (page.url.startsWith(stopAt)) return page.url;
      const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1];
      const prompt = /name="prompt" value="([^"]+)"/.exec(page.body)?.[1];
      if (action === undefined || prompt === undefined) {
        throw new Error(`${page.url} answered ${page.status} with no form: ${page.body.slice(0, 600)}`);
      }
      const answers: Record<string, string> = prompt === 'login' ? { login: person, password: 'any' } : {};
      page = await visit(new URL(action.replaceAll('&amp;', '&'), page.url).href, {
        stopAt,
        form: { prompt, ...answers },
      });
    }
    throw new Error(`The sign-in did not end; it was at ${page.url}`);
  };
  return { visit, authorize, cookies, setCookies };
}
