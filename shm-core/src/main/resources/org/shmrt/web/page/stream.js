// The stream view: one or several panes side by side, their tools, and the tabs below.

import { announce, el } from './dom.js';
import { Pane } from './pane.js';
import { togglePin } from './pointer.js';
import { Settings } from './settings.js';
import { STRETCHES } from './stretch.js';
import { Tabs } from './tabs.js';
import { Toolbar } from './toolbar.js';
import { hash } from './address.js';

const MOST_PANES = 6;
const AUTOMATIC = ['1,99%', '0.1,99.9%', 'minmax', 'zscale'];

export class StreamPage {
  constructor(app, names) {
    this.app = app;
    this.shared = new Settings(app.address, null);
    this.panes = names.slice(0, MOST_PANES).map((name, i) => new Pane(app, name, i, this.shared));
    this.toolbar = new Toolbar(app, this);
    this.tabs = new Tabs(app, this);
    this.row = el('div', { class: `panes panes-${this.panes.length}` }, ...this.panes.map((pane) => pane.root));
    this.root = el('div', { class: 'stream-page' }, this.toolbar.root, this.row, this.tabs.root);
    this.panes.forEach((pane, i) => this.#listen(pane, i));
    this.shared.addEventListener('change', (event) => this.#sharedChanged(event.detail));
    this.activate(Number(this.shared.get('active')) || 0);
  }

  get pane() {
    return this.panes[this.activeIndex] ?? this.panes[0];
  }

  #listen(pane, i) {
    pane.addEventListener('activate', () => this.activate(i));
    pane.addEventListener('view', () => this.#link(pane));
    pane.addEventListener('close', () => this.#remove(i));
    pane.addEventListener('measured', () => { if (pane === this.pane) this.tabs.measured(); });
    for (const type of ['kind', 'paused']) {
      pane.addEventListener(type, () => { if (pane === this.pane) this.#refresh(); });
    }
    pane.settings.addEventListener('change', () => {
      if (pane !== this.pane) return;
      this.toolbar.update();
      this.tabs.measured();
    });
    pane.addEventListener('drawn', (event) => this.#drawn(event.detail));
    pane.overlayCanvas.addEventListener('focus', () => this.activate(i));
  }

  /** A line opens the cut, a region the statistics, a chosen pixel the time series. */
  #drawn(kind) {
    const tab = { line: 'cut', region: 'stats', pins: 'time' }[kind];
    if (tab) this.shared.set('tab', tab);
  }

  activate(index) {
    this.activeIndex = Math.min(index, this.panes.length - 1);
    this.panes.forEach((pane, i) => pane.root.classList.toggle('is-active', this.panes.length > 1 && i === this.activeIndex));
    this.shared.set('active', this.activeIndex);
    this.#refresh();
  }

  #refresh() {
    this.toolbar.update();
    this.tabs.show();
  }

  #link(from) {
    if (!this.shared.flag('link')) return;
    for (const pane of this.panes) {
      if (pane === from) continue;
      pane.view.follow(from.view);
      pane.dirty = true;
    }
  }

  #sharedChanged(name) {
    if (name === 'axes') this.panes.forEach((pane) => pane.apply('axes'));
    if (name === 'link') this.#link(this.pane);
    if (name === 'tab' || name === 'stat') {
      this.tabs.show();
      this.panes.forEach((pane) => { pane.prepareAgain = true; });
    }
    this.toolbar.update();
  }

  #remove(index) {
    const names = this.panes.map(({ name }) => name).filter((_, i) => i !== index);
    if (names.length === 0) this.app.address.go('wall', []);
    else this.app.address.go('stream', names);
  }

  add(name) {
    if (this.panes.length >= MOST_PANES) {
      announce(`at most ${MOST_PANES} streams side by side`);
      return;
    }
    const { names, parameters } = this.app.address;
    window.location.hash = hash('stream', [...names, name], parameters);
  }

  readAddress() {
    for (const pane of this.panes) {
      pane.readView();
      pane.apply('');
    }
    this.activate(Number(this.shared.get('active')) || 0);
  }

  mapsChanged() {
    for (const pane of this.panes) pane.apply('');
    this.toolbar.update();
  }

  updated() {
    for (const pane of this.panes) pane.updated();
    this.toolbar.update();
    this.tabs.poll();
  }

  tick(nowMs) {
    for (const pane of this.panes) pane.tick(nowMs);
    this.tabs.tick(nowMs);
  }

  // What the keys and the toolbar do with the active pane.

  zoom(factor) {
    const { view } = this.pane;
    const centre = this.pane.marks.cross ? view.place(...this.pane.marks.cross) : [view.stageWidth / 2, view.stageHeight / 2];
    view.zoomAt(factor, ...centre);
    this.pane.viewMoved();
  }

  fit() {
    this.pane.view.fit();
    this.pane.viewMoved();
  }

  /** One pixel of the picture to one pixel of the screen. */
  actual() {
    this.zoom(1 / (window.devicePixelRatio || 1) / this.pane.view.scale);
  }

  flip(axis) {
    const { settings } = this.pane;
    const flip = settings.get('flip');
    settings.set('flip', flip.includes(axis) ? flip.replace(axis, '') : [...flip, axis].sort().join(''));
  }

  rotate() {
    const { settings } = this.pane;
    settings.set('rot', (Number(settings.get('rot')) + 1) % 4);
  }

  nextMap() {
    const names = [...this.app.maps.keys()];
    const { settings } = this.pane;
    const next = names[(names.indexOf(this.pane.mapName) + 1) % names.length];
    settings.set('cmap', next);
    announce(`colour map ${next}`);
  }

  nextStretch() {
    const { settings } = this.pane;
    const next = STRETCHES[(STRETCHES.indexOf(settings.get('stretch')) + 1) % STRETCHES.length];
    settings.set('stretch', next);
    announce(`stretch ${next}`);
  }

  nextLimits() {
    const { settings } = this.pane;
    const next = AUTOMATIC[(AUTOMATIC.indexOf(settings.get('limits')) + 1) % AUTOMATIC.length];
    settings.set('limits', next);
    announce(`limits ${next}`);
  }

  pause() {
    this.pane.setPaused(!this.pane.paused);
    announce(this.pane.paused ? `${this.pane.name} paused` : `${this.pane.name} live`);
  }

  /** Moves the cross-hair by rows and columns of the screen; puts it in the middle first. */
  moveCross(dx, dy) {
    const { pane } = this;
    const { view, picture, settings } = pane;
    if (picture.kind === 'none' || picture.kind === 'vector') return;
    if (!pane.marks.cross) {
      settings.set('cross', `${Math.floor(picture.rows / 2)},${Math.floor(picture.columns / 2)}`);
      return;
    }
    const [x, y] = view.place(...pane.marks.cross);
    const [row, column] = view.source(x + dx * view.scale, y + dy * view.scale);
    if (!picture.contains(row, column)) return;
    settings.set('cross', `${row},${column}`);
    const [sx, sy] = view.place(row, column);
    if (sx < 0 || sy < 0 || sx > view.stageWidth || sy > view.stageHeight) {
      view.pan(view.stageWidth / 2 - sx, view.stageHeight / 2 - sy);
      pane.viewMoved();
    }
  }

  pin() {
    const { pane } = this;
    const { pointed } = pane;
    if (pointed) togglePin(pane, ...pointed);
  }

  slice(step) {
    const asked = this.pane.sliceAsked();
    if (asked !== null) this.pane.settings.set('slice', Math.max(0, asked + step));
  }

  clear() {
    for (const name of ['cross', 'line', 'region', 'pins']) this.pane.settings.set(name, '');
  }

  close() {
    for (const pane of this.panes) pane.close();
    this.tabs.close();
  }
}
