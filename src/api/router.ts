import type { Method, Route } from './route.ts';

/** Where a path leads: its routes by method, and what stands for its placeholders. */
export type Match<Id extends string> = {
  readonly routes: ReadonlyMap<Method, Id>;
  readonly params: Readonly<Record<string, string>>;
};

export type Router<Id extends string> = (path: string) => Match<Id> | undefined;

type Node<Id extends string> = {
  readonly children: Map<string, Node<Id>>;
  /** The child for any other text, and the name that the text gets. */
  any?: { readonly name: string; readonly node: Node<Id> };
  readonly routes: Map<Method, Id>;
};

const makeNode = <Id extends string>(): Node<Id> => ({ children: new Map(), routes: new Map() });

/**
 * A tree over the segments of the paths, built once. Paths are taken as they came, undecoded: no id and no path of the
 * API has a character that needs encoding, so `%2e`, `//` and a slash at the end lead nowhere.
 */
export function createRouter<Id extends string>(
  table: Readonly<Record<Id, Pick<Route, 'method' | 'path'>>>,
): Router<Id> {
  const root = makeNode<Id>();
  for (const [id, { method, path }] of entries(table)) {
    let node = root;
    for (const segment of path.slice(1).split('/')) {
      node = segment.startsWith('{') ? anyChild(node, segment.slice(1, -1)) : namedChild(node, segment);
    }
    if (node.routes.has(method)) throw new Error(`two routes for ${method} ${path}`);
    node.routes.set(method, id);
  }

  return path => {
    if (!path.startsWith('/')) return undefined;
    let node = root;
    const params: Record<string, string> = {};
    for (const segment of path.slice(1).split('/')) {
      const child = node.children.get(segment);
      if (child !== undefined) {
        node = child;
      } else if (node.any !== undefined && segment !== '') {
        params[node.any.name] = segment;
        node = node.any.node;
      } else {
        return undefined;
      }
    }
    return node.routes.size === 0 ? undefined : { routes: node.routes, params };
  };
}

function namedChild<Id extends string>(node: Node<Id>, segment: string): Node<Id> {
  const known = node.children.get(segment);
  if (known !== undefined) return known;
  const made = makeNode<Id>();
  node.children.set(segment, made);
  return made;
}

function anyChild<Id extends string>(node: Node<Id>, name: string): Node<Id> {
  node.any ??= { name, node: makeNode() };
  if (node.any.name !== name)
    throw new Error(`'{${name}}' and '{${node.any.name}}' stand at the same place of two paths`);
  return node.any.node;
}

/** Object.entries forgets that the names are those of the type. */
const entries = <Id extends string, T>(table: Readonly<Record<Id, T>>) => Object.entries(table) as [Id, T][];
