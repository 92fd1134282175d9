import type { FastifyInstance } from 'fastify';

/** `inlineScripts`: hashes of scripts, as the policy writes them. */
function contentSecurityPolicy(inlineScripts: readonly string[]): string {
  return [
    "default-src 'none'",
    // OPAQUE and the post-quantum wraps come as WebAssembly. What shows documents stands within their frame.
    ["script-src 'self' 'wasm-unsafe-eval'", ...inlineScripts].join(' '),
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    // Documents are shown in a frame that is no address, and that cannot go to one.
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types serment document-frame default',
  ].join('; ');
}

const permissionsPolicy = [
  'accelerometer=()',
  'camera=(self)',
  'display-capture=()',
  'geolocation=()',
  'gyroscope=()',
  'microphone=()',
  'payment=()',
  'usb=()',
].join(', ');

interface Pages {
  readonly isHttps: boolean;
  /** Hashes of the scripts that may stand within a page of this host, as a Content-Security-Policy writes them. */
  readonly inlineScripts: readonly string[];
}

/** Headers of every answer. HTTPS adds the promise to stay so. */
export function addSecurityHeaders(app: FastifyInstance, { isHttps, inlineScripts }: Pages): void {
  const policy = contentSecurityPolicy(inlineScripts);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'permissions-policy': permissionsPolicy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (isHttps) reply.header('strict-transport-security', 'max-age=63072000; includeSubDomains');
  });
}
