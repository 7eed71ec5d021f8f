/** The arrows between the folders (architecture: docs/architecture.md). Type-only imports count: a type is knowledge too. */
const notTo = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    notTo(
      'no-circular',
      'A cycle hides which of the two is the idea. Move what both need into a file of its own.',
      {},
      { circular: true },
    ),
    notTo(
      'nothing-unresolved',
      'The import does not resolve. (`aws-lambda` is types only.)',
      {},
      { couldNotResolve: true, pathNot: '^aws-lambda$' },
    ),
    notTo(
      'language-is-pure',
      'language knows JSON and nothing else of ours, and nothing that waits, fails by network or tells the time.',
      { path: '^src/language/' },
      { path: '^(src|local|functions|infra|cli|web)/', pathNot: '^src/(language/|json\\.ts$)' },
    ),
    notTo(
      'access-is-pure',
      'access imports nothing of ours.',
      { path: '^src/access/' },
      { path: '^(src|local|functions|infra|cli|web)/', pathNot: '^src/(access/|json\\.ts$)' },
    ),
    notTo(
      'events-are-pure',
      'events knows JSON and nothing else of ours.',
      { path: '^src/events/' },
      { path: '^(src|local|functions|infra|cli|web)/', pathNot: '^src/(events/|json\\.ts$)' },
    ),
    notTo(
      'pure-without-platform',
      'language, access and events use no module of Node and no SDK: they run in a browser too.',
      { path: '^src/(language|access|events)/' },
      { path: '^(node:|@aws-sdk/|undici)|node_modules/(@aws-sdk|undici|@middy)/', dependencyTypesNot: [] },
    ),
    notTo(
      'ports-import-nothing',
      'A port is an interface: it knows JSON at most.',
      { path: '^src/ports/' },
      { path: '.', pathNot: '^src/(ports/|json\\.ts$)' },
    ),
    notTo(
      'actions-know-their-contract',
      'An action file reaches the outside through its context: it imports the action contract only.',
      { path: '^src/actions/', pathNot: '^src/actions/(clients/|registry\\.ts$)' },
      { path: '.', pathNot: '^src/(actions/|json\\.ts$)' },
    ),
    notTo(
      'action-clients-know-the-contract',
      'Clients of actions know the action contract and libraries.',
      { path: '^src/actions/clients/' },
      { path: '^(src|local|functions|infra|cli|web)/', pathNot: '^src/(actions/(clients/|action\\.ts$)|json\\.ts$)' },
    ),
    notTo(
      'store-goes-through-the-table-port',
      'store knows ports, JSON, and what a role is.',
      { path: '^src/store/' },
      {
        path: '^(src|local|functions|infra|cli|web)/',
        pathNot: '^src/(store/|ports/|json\\.ts$|access/roles\\.ts$)',
      },
    ),
    notTo(
      'run-imports',
      'run imports language, access, events, store, ports and the action contract.',
      { path: '^src/run/' },
      {
        path: '^(src|local|functions|infra|cli|web)/',
        pathNot: '^src/(run/|language/|access/|events/|store/|ports/|actions/action\\.ts$|json\\.ts$)',
      },
    ),
    notTo(
      'api-imports',
      'api imports language, access, events, run, store, ports and the action contract; it reaches outside through ports only.',
      { path: '^src/api/' },
      {
        path: '^(src|local|functions|infra|cli|web)/',
        pathNot: '^src/(api/|run/|language/|access/|events/|store/|ports/|actions/action\\.ts$|json\\.ts$)',
      },
    ),
    notTo(
      'only-aws-knows-the-sdk',
      'The AWS SDK is known to src/aws, functions and local/sdk.',
      { path: '^(src|local|infra|cli|web)/', pathNot: '^(src/aws/|local/sdk/)' },
      { path: '(^|/)@aws-sdk/' },
    ),
    notTo(
      'aws-imports',
      'An AWS adapter knows ports.',
      { path: '^src/aws/' },
      { path: '^(src|local|functions|infra|cli|web)/', pathNot: '^src/(aws/|ports/|json\\.ts$)' },
    ),
    notTo(
      'nobody-imports-local',
      'local is the embedded home; nobody builds on it.',
      { path: '^(src|functions|infra|web)/' },
      { path: '^local/' },
    ),
    notTo(
      'functions-wire',
      'A function wires core to aws.',
      { path: '^functions/' },
      { path: '^(local|infra|cli|web)/' },
    ),
    notTo(
      'infra-imports-constants',
      'infra reaches functions by path and imports constants only.',
      { path: '^infra/' },
      {
        path: '^(src|local|functions|cli|web)/',
        pathNot:
          '^(src/(api/routes\\.ts|api/routes/.*|api/route\\.ts|aws/(table-definition|environment)\\.ts|ports/.*|json\\.ts)|web/security-headers\\.ts)$',
      },
    ),
    notTo(
      'web-stands-alone',
      'The web UI knows the API by web/src/api/types.ts, which is written from the route table (`npm run web:types`).',
      { path: '^web/' },
      { path: '^(src|local|functions|infra|cli|test)/' },
    ),
    notTo(
      'web-without-node',
      'What runs in a browser has no module of Node.',
      { path: '^web/src/' },
      { dependencyTypes: ['core'] },
    ),
    notTo(
      'web-parts-stand-alone',
      'A part is shown with data that it is given: it knows neither pages nor the API.',
      { path: '^web/src/parts/' },
      { path: '^web/src/(pages|app|api)/', pathNot: '^web/src/api/types\\.ts$' },
    ),
    notTo(
      'nobody-imports-the-web',
      'The web UI is built to files; the server and the stack know its headers and nothing else.',
      { path: '^(src|local|functions|cli)/' },
      { path: '^web/', pathNot: '^web/security-headers\\.ts$' },
    ),
    notTo(
      'product-without-tests',
      'Nothing of the product imports a test.',
      { path: '^(src|local|functions|infra|cli|web)/' },
      { path: '^test/' },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css', '.svg'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
