// One stream on the page: its frames, its picture, its colour bar, its settings.

import { ColourBar } from './colourbar.js';
import { Companions } from './companions.js';
import { el, fitCanvas, rgb } from './dom.js';
import { CanvasRenderer } from './fallback.js';
import { Feed } from './feed.js';
import { histogram, newHistogram, newStatistics, Points, statistics } from './measure.js';
import { Meter } from './meter.js';
import { Overlay, VALUE_SCALE } from './overlay.js';
import { PaneHead } from './panehead.js';
import { isColour, Picture, sliceCount } from './picture.js';
import { Plot } from './plots.js';
import { Pointer } from './pointer.js';
import { GlRenderer, hasGraphicsCard } from './renderer.js';
import { TimeSeries } from './series.js';
import { parseLimits, Settings } from './settings.js';
import { computeLimits } from './stretch.js';
import { View } from './view.js';

/** Limits, histogram and statistics are computed at most so often, and never take more than a tenth of the time. */
const MEASURE_MS = 100;
const MEASURE_SHARE = 10;
const PLOT_MS = 50;
const DESCRIBE_MS = 5000;
/** Up to this size a 2D canvas draws faster than WebGL2 without a graphics card. */
const MOST_CANVAS_PIXELS = 1 << 20;

export class Pane extends EventTarget {
  constructor(app, name, index, shared) {
    super();
    this.app = app;
    this.name = name;
    this.index = index;
    this.shared = shared;
    this.settings = new Settings(app.address, index);
    this.picture = new Picture();
    this.view = new View();
    this.meter = new Meter();
    this.histogram = newHistogram();
    this.whole = newStatistics();
    this.part = newStatistics();
    this.series = new TimeSeries();
    this.points = new Points();
    this.companions = new Companions(app.connection);
    this.feed = new Feed(app.connection, name, () => this.sliceAsked());
    this.look = { map: app.map('viridis'), invert: false, stretch: 'linear', low: 0, high: 1, saturation: null, outside: [0, 0, 0] };
    this.paused = false;
    /** The header of a whole frame that came while the stream was not listed, or null. */
    this.wholeHeader = null;
    /** Whether a paused pane takes one more frame: another slice was chosen. */
    this.refresh = false;
    this.marks = { cross: null, line: null, region: null, pins: [], hover: null, draft: null };
    this.measureAfter = 0;
    // What has to be drawn again: everything, or the picture only, because a new frame leaves the marks where they are.
    this.dirty = true;
    this.redraw = true;
    this.#build();
    this.settings.addEventListener('change', (event) => this.apply(event.detail));
    this.readView();
    this.apply('');
  }

  #build() {
    this.canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': `picture of ${this.name}` });
    this.overlayCanvas = el('canvas', { class: 'overlay', tabindex: '0', 'aria-label': `${this.name}: arrow keys move the cross-hair`, role: 'application' });
    this.message = el('p', { class: 'stage-message', role: 'status' });
    this.stage = el('div', { class: 'stage' }, this.canvas, this.overlayCanvas, this.message);
    this.bar = new ColourBar(
      (low, high) => this.settings.set('limits', `${low},${high}`),
      () => this.settings.set('limits', this.automatic ?? '1,99%'));
    this.head = new PaneHead(this);
    this.root = el('section', { class: 'pane', 'aria-label': `stream ${this.name}` },
      this.head.root, el('div', { class: 'stage-row' }, this.stage, this.bar.root), this.head.readout);
    this.overlay = new Overlay(this.overlayCanvas);
    this.pointer = new Pointer(this);
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(this.stage);
    this.theme = () => { this.look.outside = rgb('stage'); this.dirty = true; };
    document.addEventListener('theme', this.theme);
    this.theme();
  }

  /** The newest row of the list of streams for this stream, or null. */
  get listed() {
    return this.app.streams.get(this.name) ?? null;
  }

  /** Shape and type of the stream, or null: as listed, or those of a frame that came before the list. */
  get known() {
    return this.listed ?? this.wholeHeader;
  }

  /** The colour map chosen, else the default for the values shown. */
  get mapName() {
    const isPhase = this.settings.get('part') === 'phase' && this.picture.part;
    return this.settings.get('cmap') || (isPhase ? 'cyclic' : 'viridis');
  }

  /** The pixel under the pointer, else that of the cross-hair; null if it is not in the picture. */
  get pointed() {
    const { marks, picture } = this;
    const at = marks.hover && picture.contains(...marks.hover) ? marks.hover : marks.cross;
    return at && picture.contains(...at) ? at : null;
  }

  /** Which slice to ask for: null for whole frames. */
  sliceAsked() {
    const { shape, dtype } = this.known ?? { shape: [] };
    if (shape.length < 3 || (this.settings.flag('rgb') && isColour(shape, dtype))) return null;
    const slices = sliceCount(shape);
    return Math.min(Math.max(Number(this.settings.get('slice')) || 0, 0), slices - 1);
  }

  /** Whether the last request was for another slice than the one chosen. */
  get isOtherSlice() {
    return this.feed.asked !== this.sliceAsked();
  }

  /** Follows the list of streams: what it says of this stream, also that it is gone, holds from then on. */
  updated() {
    if (this.listed) this.wholeHeader = null;
  }

  /** Follows a change of a setting; '' means all of them. */
  apply(name) {
    const { settings, look, marks } = this;
    const all = name === '';
    if (all || name === 'dark') {
      this.companions.choose('dark', settings.get('dark'));
      this.companions.maskChanged = true;
    }
    if (all || name === 'mask') {
      this.companions.choose('mask', settings.get('mask'));
      this.companions.maskChanged = true;
    }
    this.refresh ||= this.paused && this.isOtherSlice;
    const limits = parseLimits(settings.get('limits'));
    if (limits.kind !== 'fixed') this.automatic = settings.get('limits');
    this.limits = limits;
    look.invert = settings.flag('invert');
    look.stretch = settings.get('stretch');
    look.map = this.app.map(this.mapName);
    marks.cross = settings.numbers('cross', 2);
    marks.line = settings.numbers('line', 4);
    marks.region = settings.numbers('region', 4);
    marks.pins = settings.pins();
    this.#orient();
    this.dirty = true;
    if (name === 'zoom' || name === 'centre' || name === 'cross') return;
    this.prepareAgain = true;
    this.measureAfter = 0;
  }

  #orient() {
    const { settings } = this;
    this.view.orient({
      flip: settings.get('flip'), rot: Number(settings.get('rot')), transpose: settings.flag('tr'),
      upward: this.shared.get('axes') === 'fits',
    });
  }

  /** Takes zoom and centre from the address. */
  readView() {
    this.view.zoom = this.settings.numbers('zoom', 1)?.[0] ?? null;
    [this.view.centreX, this.view.centreY] = this.settings.numbers('centre', 2) ?? [0.5, 0.5];
  }

  /** Writes zoom and centre to the address, and moves the linked panes. */
  viewMoved() {
    const { view, settings } = this;
    settings.set('zoom', view.zoom === null ? '' : Number(view.zoom.toPrecision(5)));
    settings.set('centre', view.zoom === null ? '' : `${view.centreX.toFixed(5)},${view.centreY.toFixed(5)}`);
    this.dirty = true;
    this.dispatchEvent(new Event('view'));
  }

  #resize() {
    const { width, height } = this.stage.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.view.stageWidth = width;
    this.view.stageHeight = height;
    this.ratio = fitCanvas(this.canvas, width, height);
    this.dirty = true;
  }

  #renderer() {
    const isCanvas = this.#prefersCanvas();
    if (this.renderer?.isCanvas === isCanvas) return this.renderer;
    if (this.renderer) {
      // A canvas keeps its first kind of context: another kind needs a new one.
      const canvas = this.canvas.cloneNode();
      this.canvas.replaceWith(canvas);
      this.renderer.close();
      this.canvas = canvas;
      this.companions.maskChanged = true;
    }
    this.renderer = isCanvas ? new CanvasRenderer(this.canvas) : this.#webGl();
    // WebGL2 may be missing, or its textures smaller than the picture.
    return this.#prefersCanvas() === this.renderer.isCanvas ? this.renderer : this.#renderer();
  }

  /** Without a graphics card a 2D canvas is faster, but for pictures that are larger than the screen. */
  #prefersCanvas() {
    const { app, picture } = this;
    if (app.renderer === 'canvas' || this.noWebGl || Math.max(picture.rows, picture.columns) > (this.maxTexture ?? Infinity)) return true;
    return app.renderer !== 'webgl' && picture.pixels <= MOST_CANVAS_PIXELS && !hasGraphicsCard();
  }

  #webGl() {
    try {
      const renderer = new GlRenderer(this.canvas);
      this.maxTexture = renderer.maxSize;
      renderer.restored = () => { this.prepareAgain = true; this.companions.maskChanged = true; };
      return renderer;
    } catch {
      this.noWebGl = true;
      return new CanvasRenderer(this.canvas);
    }
  }

  /** One turn of the page's clock: takes the newest frame, draws it, and asks for the next one. */
  tick(nowMs) {
    const message = this.feed.take();
    if (message && (!this.paused || this.refresh)) {
      this.#show(message, true);
      this.refresh = this.paused && this.isOtherSlice;
    }
    if (!this.paused || this.refresh) this.feed.ask(nowMs);
    if (this.companions.tick(nowMs)) this.prepareAgain = true;
    if (this.picture.kind !== 'none') {
      if (this.prepareAgain) this.#prepare();
      this.#measure(nowMs);
      if (this.dirty || this.redraw) this.#draw(nowMs);
    }
    this.head.tick(nowMs);
  }

  /** Shows a slot of the history; the pane is paused. */
  showPast(message) {
    this.paused = true;
    this.#show(message, false);
  }

  setPaused(paused) {
    this.paused = paused;
    if (!paused) this.feed.forget();
    this.dispatchEvent(new Event('paused'));
  }

  #show(message, live) {
    const { picture } = this;
    const size = `${picture.kind} ${picture.rows} ${picture.columns}`;
    picture.accept(message, this.settings.flag('rgb'));
    if (live && !this.listed && (picture.header.slice ?? null) === null) this.wholeHeader = picture.header;
    if (live && this.feed.recreated) this.series.reset('', []);
    this.isNew = live;
    this.view.rows = picture.rows;
    this.view.columns = picture.columns;
    if (size !== `${picture.kind} ${picture.rows} ${picture.columns}`) this.#kindChanged();
    this.prepareAgain = true;
  }

  #kindChanged() {
    this.dirty = true;
    const { picture, stage } = this;
    const vector = picture.kind === 'vector';
    stage.classList.toggle('is-vector', vector);
    this.bar.root.hidden = vector;
    if (vector && !this.vectorPlot) {
      this.vectorPlot = new Plot({ label: this.name, x: 'index', y: '', series: ['value'], kind: 'line' });
      stage.append(this.vectorPlot.root);
    }
    this.measureAfter = 0;
    this.companions.maskChanged = true;
    this.dispatchEvent(new Event('kind'));
  }

  #prepare() {
    const { picture, settings, look } = this;
    this.prepareAgain = false;
    picture.prepare(settings.get('part'), this.companions.darkPicture);
    const saturation = settings.get('sat');
    look.saturation = saturation === 'off' ? null : saturation === 'auto' ? picture.saturation : Number(saturation);
    // With a dark, values are compared with the level before the subtraction: see Companions.
    look.marked = picture.dark !== null;
    look.map = this.app.map(this.mapName);
    if (picture.kind !== 'vector') {
      const renderer = this.#renderer();
      renderer.upload(picture);
      if (this.companions.maskChanged || picture.dark) {
        this.companions.maskChanged = false;
        renderer.setMask(this.companions.marksFor(picture, look.saturation));
      }
    }
    this.#record();
    this.fresh = true;
    this.redraw = true;
  }

  /** Adds the frame to the time series. */
  #record() {
    const { picture, marks, series } = this;
    const stat = this.shared.get('tab') === 'time' ? this.shared.get('stat') : 'none';
    const labels = marks.pins.map(([row, column]) => this.app.pixelName(row, column, this.shared));
    if (stat !== 'none') labels.push(stat);
    const started = series.reset(`${this.settings.get('pins')} ${stat} ${picture.columns}`, labels);
    if (labels.length === 0 || !this.isNew && !started) return;
    this.isNew = false;
    if (stat !== 'none') statistics(picture, null, Infinity, stat === 'median', this.whole);
    const stamp = picture.header.acquiredNs;
    const seconds = stamp && stamp !== '0' ? Number(BigInt(stamp) / 1000n) / 1e6 : picture.receivedMs / 1e3;
    series.record(seconds, (i) => {
      if (i >= marks.pins.length) return this.whole[stat];
      const [row, column] = marks.pins[i];
      return picture.contains(row, column) ? picture.at(row, column) : NaN;
    });
  }

  #measure(nowMs) {
    if (!this.fresh && this.measureAfter !== 0 || nowMs < this.measureAfter) return;
    const start = performance.now();
    const { picture, look } = this;
    const { low, high } = look;
    computeLimits(picture, this.limits, look);
    if (picture.part === 'phase' && this.limits.kind !== 'fixed') [look.low, look.high] = [-Math.PI, Math.PI];
    if (picture.kind !== 'vector') {
      histogram(picture, ...this.bar.axisFor(look), this.histogram);
      this.bar.update(look, this.histogram, picture.channels > 1);
    }
    statistics(picture, null, look.saturation ?? Infinity, this.shared.get('tab') === 'stats', this.whole);
    if (this.marks.region) statistics(picture, this.marks.region, look.saturation ?? Infinity, true, this.part);
    if (low !== look.low || high !== look.high) this.redraw = true;
    this.fresh = false;
    this.measureAfter = Math.max(nowMs + MEASURE_MS, nowMs + (performance.now() - start) * MEASURE_SHARE);
    this.dispatchEvent(new Event('measured'));
    this.#describe(nowMs);
  }

  #draw(nowMs) {
    const { picture, view, look } = this;
    if (picture.kind === 'vector') {
      if (nowMs < (this.plotAfter ?? 0)) return;
      this.plotAfter = nowMs + PLOT_MS;
      this.#drawVector();
    } else {
      this.renderer.draw(view, look, this.ratio ?? 1);
      if (this.dirty || view.scale >= VALUE_SCALE) this.overlay.draw(view, picture, look, this.marks, this.shared.get('axes'));
    }
    this.dirty = this.redraw = false;
    this.meter.drawn(this.app.connection, picture);
  }

  #drawVector() {
    const { picture, points } = this;
    points.reserve(picture.columns);
    const first = this.shared.get('axes') === 'fits' ? 1 : 0;
    for (let i = 0; i < picture.columns; i++) {
      points.x[i] = i + first;
      points.y[i] = picture.values[i];
    }
    this.vectorPlot.set(points.data);
  }

  /** The text of the picture for a screen reader, renewed now and then. */
  #describe(nowMs) {
    if (nowMs < (this.describeAfter ?? 0)) return;
    this.describeAfter = nowMs + DESCRIBE_MS;
    this.canvas.setAttribute('aria-label', this.head.description());
  }

  close() {
    this.feed.close();
    this.companions.close();
    this.observer.disconnect();
    this.bar.close();
    this.vectorPlot?.close();
    this.renderer?.close();
    document.removeEventListener('theme', this.theme);
  }
}
