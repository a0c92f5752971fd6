// Line plots and histograms with uPlot, in the colours of the page. A plot keeps its size with its box and is made
// again only when its series or the theme change.

import uPlot from '/assets/uplot/dist/uPlot.esm.js';
import { colour, el, fitCanvas, FONT, text } from './dom.js';
import { number, tickLabel } from './format.js';

/** Colours of series, readable on dark and on light: from the style sheet. */
const SERIES = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5'];

/** Half of a range is at least this share of its greatest value: some thousand doubles lie in it. */
const NARROWEST = 1e-12;

export class Plot {
  /**
   * options: {label, x: 'column', y: 'value', series: ['row cut', …], kind: 'line' | 'step' | 'histogram',
   *   zero: whether the y axis starts at 0}; the box takes the room its style gives it.
   */
  constructor(options) {
    this.options = options;
    this.box = el('div', { class: 'plot-box' });
    this.legend = el('div', { class: 'plot-legend' });
    this.root = el('figure', { class: 'plot', role: 'img', 'aria-label': options.label },
      el('figcaption', {}, el('span', { class: 'plot-title', text: options.label }), this.legend), this.box);
    this.data = null;
    this.plot = null;
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(this.box);
    this.theme = () => this.#remake();
    document.addEventListener('theme', this.theme);
  }

  /** Shows data: an array of x, then one of y for each series; null draws an empty plot. */
  set(data) {
    this.data = data;
    if (!this.plot) this.#make();
    else this.plot.setData(data);
    if (!this.cursorAt) this.#values(null);
  }

  /** Changes the names of the series, or of the axes. */
  name(options) {
    if (JSON.stringify({ ...this.options, ...options }) === JSON.stringify(this.options)) return;
    Object.assign(this.options, options);
    this.root.setAttribute('aria-label', this.options.label);
    text(this.root.querySelector('.plot-title'), this.options.label);
    this.#destroy();
  }

  #make() {
    const { width, height } = this.box.getBoundingClientRect();
    if (width < 40 || height < 40 || !this.data) return;
    const { series, x, y, kind, zero } = this.options;
    this.keys = series.map((label, i) => {
      const value = el('span', { class: 'key-value' });
      const mark = el('i', { class: 'key-mark' });
      mark.style.background = colour(SERIES[i]);
      return { node: el('span', { class: 'key' }, mark, el('span', { text: label }), value), value };
    });
    this.legend.replaceChildren(...this.keys.map((key) => key.node));
    this.legend.classList.toggle('is-single', series.length === 1);
    const paths = kind === 'line' ? undefined : uPlot.paths.stepped({ align: kind === 'histogram' ? 1 : 0 });
    this.plot = new uPlot({
      width, height,
      legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { size: 5 } },
      hooks: { setCursor: [(plot) => this.#values(plot.cursor.idx)] },
      scales: { x: { time: false, range: (plot, low, high) => span(low, high) }, y: { range: (plot, low, high) => range(low, high, zero) } },
      axes: [this.#axis(x, 24), this.#axis(y, 56)],
      series: [{ label: x }, ...series.map((label, i) => ({
        label, stroke: colour(SERIES[i]), width: 1, points: { show: false }, paths, spanGaps: false,
        ...(kind === 'histogram' ? { fill: `${colour(SERIES[i])}55` } : {}),
      }))],
    }, this.data, this.box);
    this.plot.over.addEventListener('mouseleave', () => { this.cursorAt = false; });
  }

  #axis(label, size) {
    return {
      ...(label ? { label, labelSize: 16, labelFont: FONT, labelGap: 0 } : {}), font: FONT, size, gap: 4,
      stroke: colour('dim'), grid: { stroke: colour('grid'), width: 1 }, ticks: { stroke: colour('grid'), size: 4, width: 1 },
      values: (plot, splits) => splits.map((value) => tickLabel(value, splits.length > 1 ? splits[1] - splits[0] : 1)),
    };
  }

  /** Writes the values under the cursor into the legend, or the newest ones. */
  #values(index) {
    this.cursorAt = index !== null && index !== undefined;
    if (!this.keys || !this.data) return;
    this.keys.forEach((key, i) => {
      text(key.value, this.cursorAt ? number(this.data[i + 1]?.[index] ?? NaN) : '');
    });
  }

  #resize() {
    const { width, height } = this.box.getBoundingClientRect();
    if (width < 40 || height < 40) return;
    if (!this.plot) this.#make();
    else if (this.plot.width !== Math.floor(width) || this.plot.height !== Math.floor(height)) {
      this.plot.setSize({ width: Math.floor(width), height: Math.floor(height) });
    }
  }

  #remake() {
    this.#destroy();
    if (this.data) this.#make();
  }

  #destroy() {
    this.plot?.destroy();
    this.plot = null;
  }

  close() {
    this.observer.disconnect();
    document.removeEventListener('theme', this.theme);
    this.#destroy();
  }
}

/** The range of the y axis: the data and a twentieth at both ends; a flat line lies in the middle. */
function range(low, high, zero) {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (zero) return span(0, Math.max(high, 0) * 1.08 || 1);
  if (low === high) {
    const pad = Math.abs(high) * 0.05 || 1;
    return span(low - pad, high + pad);
  }
  const pad = high * 0.05 - low * 0.05; // not of the difference, which may be greater than any double
  return span(low - pad, high + pad);
}

/**
 * A range for uPlot. It adds its step to the value of a tick until it is beyond the range: forever, where the step is
 * less than the distance of two doubles. So a range is never so narrow beside its values, nor infinite.
 */
function span(low, high) {
  if (low === null || high === null) return [low, high];
  const middle = low / 2 + high / 2;
  const least = Math.max(Math.abs(low), Math.abs(high)) * NARROWEST;
  if (high / 2 - low / 2 >= least) return [Math.max(low, -Number.MAX_VALUE), Math.min(high, Number.MAX_VALUE)];
  return [middle - least, middle + least];
}

/** A sparkline: the newest value at the right; gaps where a value is null. 0 is at the bottom, the median in the middle. */
export function sparkline(canvas, values, most) {
  const ratio = fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, width, height);
  context.strokeStyle = colour('spark');
  context.lineWidth = ratio;
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const highest = Math.max(2 * (sorted[sorted.length >> 1] ?? 0), sorted[sorted.length - 1] ?? 0);
  const scale = (height - 2 * ratio) / (highest || 1);
  const step = width / Math.max(1, most - 1);
  strokeLine(context, values.length, (i) => (values[i] ?? null) === null ? null
    : [width - (values.length - 1 - i) * step - ratio / 2, height - ratio - values[i] * scale]);
}

/** Draws a line through n points. point(i) returns [x, y], or null for a gap. */
export function strokeLine(context, n, point) {
  context.beginPath();
  let pen = false;
  for (let i = 0; i < n; i++) {
    const at = point(i);
    if (at && pen) context.lineTo(...at);
    else if (at) context.moveTo(...at);
    pen = at !== null;
  }
  context.stroke();
}
