/**
 * CodeMirror writes its styles into style elements, which the content security policy forbids, except in a shadow root:
 * there it uses constructed style sheets (`adoptedStyleSheets`). Open, so that tools for accessibility look inside.
 */
export function shadowRootOf(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' });
}
