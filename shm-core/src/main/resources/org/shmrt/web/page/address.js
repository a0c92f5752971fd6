// The state of the view in the fragment of the address, so that a link shows the same view.
//   #/                             the wall            ?q= &sort= &group=
//   #/stream/NAME, #/stream/A+B    one or several streams
//   #/loop/NAME                    a control loop
// A setting of the first stream has its plain name (cmap=…), of the n-th one its name and number (cmap.1=…).

const DELAY_MS = 250;

export class Address extends EventTarget {
  constructor() {
    super();
    this.parameters = new Map();
    this.read();
    window.addEventListener('hashchange', () => {
      if (window.location.hash === this.written) return;
      this.read();
      this.dispatchEvent(new Event('change'));
    });
  }

  read() {
    const [path, query = ''] = window.location.hash.replace(/^#\/?/, '').split('?');
    const slash = path.indexOf('/');
    const kind = slash < 0 ? '' : path.slice(0, slash);
    this.page = kind === 'stream' || kind === 'loop' ? kind : 'wall';
    this.names = this.page === 'wall' ? [] : path.slice(slash + 1).split('+').map(decode).filter((name) => name !== '');
    if (this.names.length === 0) this.page = 'wall';
    this.parameters.clear();
    for (const pair of query.split('&')) {
      const at = pair.indexOf('=');
      if (at > 0) this.parameters.set(decode(pair.slice(0, at)), decode(pair.slice(at + 1)));
    }
  }

  get(name) {
    return this.parameters.get(name) ?? null;
  }

  /** Sets a parameter, or removes it with null; the address follows a moment later. */
  set(name, value) {
    const before = this.parameters.get(name) ?? null;
    const after = value === null ? null : String(value);
    if (before === after) return;
    if (after === null) this.parameters.delete(name);
    else this.parameters.set(name, after);
    this.#later();
  }

  #later() {
    if (this.timer) return;
    this.timer = setTimeout(() => this.flush(), DELAY_MS);
  }

  /** Writes the address now. */
  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.written = hash(this.page, this.names, this.parameters);
    window.history.replaceState(null, '', this.written);
  }

  /** Goes to another page, with an entry in the history of the browser. */
  go(page, names, parameters = new Map()) {
    clearTimeout(this.timer);
    this.timer = 0;
    window.location.hash = hash(page, names, parameters);
  }
}

/** The fragment for a view. */
export function hash(page, names, parameters) {
  const path = page === 'wall' ? '#/' : `#/${page}/${names.map(encode).join('+')}`;
  const query = [...parameters].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return query ? `${path}?${query}` : path;
}

/** Characters that have no meaning in our fragment stay readable. */
function encode(value) {
  return encodeURIComponent(value).replace(/%2C/g, ',').replace(/%3B/g, ';');
}

function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
