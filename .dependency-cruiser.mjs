// Import directions: app → components → server/contracts | server/grounding; app → server/caller and the
// doors; routers → rules → db, storage. Type imports count too.
/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'nothing-imports-app',
      severity: 'error',
      from: { pathNot: '^app/' },
      to: { path: '^app/' },
    },
    {
      name: 'components-see-contracts-and-grounding-only',
      comment:
        'The browser may import server/contracts and server/grounding; AppRouter as a type in components/trpc.',
      severity: 'error',
      from: { path: '^components/', pathNot: '^components/trpc/client' },
      to: { path: '^(server|prisma)/', pathNot: '^server/(contracts|grounding)/' },
    },
    {
      name: 'contracts-import-zod-only',
      severity: 'error',
      from: { path: '^server/contracts/', pathNot: 'generate-json-schemas|\\.test\\.ts$' },
      to: { pathNot: '^(server/contracts/|node_modules/zod/)' },
    },
    {
      name: 'grounding-is-pure',
      severity: 'error',
      from: { path: '^server/grounding/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^server/(grounding|contracts)/' },
    },
    {
      name: 'annotator-knows-no-transport',
      comment: 'The editor gets its save() and its document injected.',
      severity: 'error',
      from: { path: '^components/annotator/' },
      to: { path: '^components/(trpc|datasets|runs|projects|images)/|node_modules/(next|@trpc)/' },
    },
    {
      name: 'rules-do-not-know-doors',
      severity: 'error',
      from: {
        path: '^server/(projects|members|images|annotations|versions|runs|models|predictions|suggestions|jobs|storage|db|samples|charts|formats)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^server/(routers|trpc|root|caller|context)' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^node_modules|^prisma/generated)' },
    exclude: { path: '(\\.next|^node_modules/.*/node_modules)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
