import createNextIntlPlugin from 'next-intl/plugin'

const securityHeaders = [
  // onnxruntime-web needs threads, threads need a shared heap, and that needs an isolated page.
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
]

const development = process.env.NODE_ENV === 'development'

/** Inline scripts are Next's own start-up data; wasm-unsafe-eval lets WebAssembly compile. */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self' blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const bytesPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

/** @type {import('next').NextConfig} */
const config = {
  allowedDevOrigins: ['127.0.0.1'],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Types are checked by `npm run check`, once, for the whole tree.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    '@prisma/client',
    '@prisma/adapter-libsql',
    '@libsql/client',
    'sharp',
    '@napi-rs/canvas',
    'better-auth',
  ],
  turbopack: {
    root: import.meta.dirname,
    // The un-bundled builds load their .wasm from /ort (see scripts/copy-ort.mjs), not from .next/static.
    resolveAlias: {
      'onnxruntime-web/wasm': './node_modules/onnxruntime-web/dist/ort.wasm.min.mjs',
      'onnxruntime-web/webgpu': './node_modules/onnxruntime-web/dist/ort.webgpu.min.mjs',
    },
  },
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [...securityHeaders, { key: 'Content-Security-Policy', value: contentSecurityPolicy }],
      },
      {
        // What people uploaded, opened as a page of its own, must not be able to do anything. Said here,
        // because Next lets these headers win over those of a route.
        source: '/api/:path*',
        headers: [{ key: 'Content-Security-Policy', value: bytesPolicy }],
      },
    ]
  },
}

export default createNextIntlPlugin('./components/i18n/request.ts')(config)
