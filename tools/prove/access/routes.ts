import type { FastifyInstance } from 'fastify';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** As it is declared: `/api/practices/:practice/drafts/:slot`. */
  readonly path: string;
}

const methods: ReadonlySet<string> = new Set<Method>(['GET', 'POST', 'PUT', 'DELETE']);

/** Every route that the running application has, from its own table: none can be forgotten. */
export function routesOf(app: FastifyInstance): Route[] {
  const routes: Route[] = [];
  const prefixes: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', list = ''] = /^([\s│]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/u.exec(line) ?? [];
    const depth = indent.length / 4;
    prefixes.length = depth;
    prefixes[depth] = (prefixes[depth - 1] ?? '') + part;
    for (const method of list.split(', ')) if (isMethod(method)) routes.push({ method, path: prefixes[depth] });
  }
  return routes;
}

function isMethod(text: string): text is Method {
  return methods.has(text);
}
