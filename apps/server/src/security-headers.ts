import type { FastifyInstance } from 'fastify';

const contentSecurityPolicy = [
  "default-src 'none'",
  // OPAQUE and the post-quantum wraps come as WebAssembly.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  // One page, which is given documents and nothing else (`documentFrameHeaders`).
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types serment default',
].join('; ');

/**
 * Of the page that shows documents: it has no origin, so neither keys nor storage, no network, and nothing of a document
 * runs in it. What it shows comes by message from the page around it.
 */
const documentFramePolicy = [
  "default-src 'none'",
  // Pictures in JPEG 2000 and JBIG2 are read by WebAssembly.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  'img-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  // Modals are what printing is.
  'sandbox allow-scripts allow-modals',
].join('; ');

export const documentFrame = 'document-frame.html';

export const documentFrameHeaders = {
  'content-security-policy': documentFramePolicy,
  'x-frame-options': 'SAMEORIGIN',
} as const;

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

/** Headers of every answer. `isHttps` adds the promise to stay so. */
export function addSecurityHeaders(app: FastifyInstance, isHttps: boolean): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
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
