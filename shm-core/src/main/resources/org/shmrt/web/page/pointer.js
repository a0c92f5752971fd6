// Mouse, pen and touch on the picture: zoom, pan, cross-hair, regions, lines, chosen pixels.

const CLICK = 4;
const WHEEL = 1.0015;
const MOST_PINS = 4;

export class Pointer {
  constructor(pane) {
    this.pane = pane;
    this.touches = new Map();
    const canvas = pane.overlayCanvas;
    this.canvas = canvas;
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', (event) => this.#up(event));
    canvas.addEventListener('pointercancel', (event) => this.#up(event));
    canvas.addEventListener('pointerleave', () => this.#hover(null));
    canvas.addEventListener('dblclick', () => {
      pane.view.fit();
      pane.viewMoved();
    });
  }

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    this.pane.view.zoomAt(WHEEL ** (-event.deltaY * lines), ...this.#at(event));
    this.pane.viewMoved();
  }

  #down(event) {
    if (event.button > 1) return;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.touches.set(event.pointerId, at);
    this.start = at;
    this.moved = false;
    this.tool = event.button === 1 || event.shiftKey && this.pane.shared.get('tool') !== 'move' ? 'move' : this.pane.shared.get('tool');
    this.from = this.pane.view.source(...at);
    this.pane.dispatchEvent(new Event('activate'));
  }

  #move(event) {
    const at = this.#at(event);
    this.#hover(at);
    const before = this.touches.get(event.pointerId);
    if (!before) return;
    this.touches.set(event.pointerId, at);
    if (Math.hypot(at[0] - this.start[0], at[1] - this.start[1]) > CLICK) this.moved = true;
    if (!this.moved) return;
    const { pane } = this;
    if (this.touches.size === 2) {
      this.#pinch(event.pointerId, before, at);
    } else if (this.tool === 'move' || this.tool === 'pixel') {
      pane.view.pan(at[0] - before[0], at[1] - before[1]);
      pane.viewMoved();
    } else {
      pane.marks.draft = { kind: this.tool, at: [...this.from, ...pane.view.source(...at)] };
      pane.dirty = true;
    }
  }

  #pinch(id, before, at) {
    const [other] = [...this.touches].filter(([key]) => key !== id).map(([, place]) => place);
    const distance = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]) || 1;
    this.pane.view.zoomAt(distance(at) / distance(before), (at[0] + other[0]) / 2, (at[1] + other[1]) / 2);
    this.pane.viewMoved();
  }

  #up(event) {
    if (!this.touches.delete(event.pointerId)) return;
    const { pane } = this;
    const { draft } = pane.marks;
    pane.marks.draft = null;
    pane.dirty = true;
    if (event.type === 'pointercancel') return;
    if (draft) {
      pane.settings.set(draft.kind, draft.at.join(','));
      pane.dispatchEvent(new CustomEvent('drawn', { detail: draft.kind }));
    } else if (!this.moved && this.touches.size === 0) {
      this.#click(pane.view.source(...this.#at(event)));
    }
  }

  #click([row, column]) {
    const { pane } = this;
    if (!pane.picture.contains(row, column)) return;
    if (this.tool === 'pixel') {
      togglePin(pane, row, column);
    } else {
      pane.settings.set('cross', `${row},${column}`);
      pane.dispatchEvent(new CustomEvent('drawn', { detail: 'cross' }));
    }
  }

  #hover(at) {
    const { pane } = this;
    pane.marks.hover = at && pane.picture.kind !== 'none' ? pane.view.source(...at) : null;
    pane.head.hovered();
  }
}

/** Adds a pixel to the time series, or removes it. */
export function togglePin(pane, row, column) {
  const key = `${row},${column}`;
  const pins = pane.marks.pins.map((pin) => pin.join(','));
  const at = pins.indexOf(key);
  if (at >= 0) pins.splice(at, 1);
  else pins.push(key);
  pane.settings.set('pins', pins.slice(-MOST_PINS).join(';'));
  pane.dispatchEvent(new CustomEvent('drawn', { detail: 'pins' }));
}
