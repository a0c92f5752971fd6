// The colour bar with the histogram beside it and the limits to drag.

import { colour, el, fitCanvas, FONT } from './dom.js';
import { number, tickLabel, tickNumbers, tickStep } from './format.js';
import { BINS } from './measure.js';
import { mapIndex } from './stretch.js';

const HISTOGRAM = 40;
const BAR = 14;
const GAP = 4;
const PAD = 8;
/** How far the axis reaches beyond the limits, as a share of their distance. */
const BEYOND = 0.2;

export class ColourBar {
  /** onLimits(low, high) when the user sets limits; onReset() on a double click. */
  constructor(onLimits, onReset) {
    this.onLimits = onLimits;
    this.axisLow = 0;
    this.axisHigh = 1;
    this.canvas = el('canvas', { class: 'colour-canvas', 'aria-hidden': 'true' });
    this.handles = ['low', 'high'].map((end) => this.#handle(end));
    this.track = el('div', { class: 'colour-track', on: { dblclick: onReset } }, this.canvas, ...this.handles);
    this.inputs = ['high', 'low'].map((end) => el('input', {
      class: 'limit', type: 'text', inputmode: 'decimal', 'aria-label': `${end} limit`, title: `${end} limit`,
      on: { change: (event) => this.#typed(end, event.target.value) },
    }));
    this.root = el('div', { class: 'colour-bar', role: 'group', 'aria-label': 'Colour bar and limits' },
      this.inputs[0], this.track, this.inputs[1]);
    this.observer = new ResizeObserver(() => this.#draw());
    this.observer.observe(this.track);
    this.track.addEventListener('pointerdown', (event) => this.#dragBoth(event));
  }

  /** look: {low, high, map, stretch, invert}; histogram: of the values between the ends of the axis, see measure.js. */
  update(look, histogram, colours) {
    this.look = look;
    this.histogram = histogram;
    this.colours = colours;
    this.#draw();
  }

  /** The range of the axis for a look: the limits with some room on both sides. It stays while they lie well within it. */
  axisFor({ low, high }) {
    if (!this.dragging) this.#chooseAxis(low, high);
    return [this.axisLow, this.axisHigh];
  }

  #chooseAxis(low, high) {
    const span = high - low || Math.abs(high) || 1;
    const reach = this.axisHigh - this.axisLow;
    const fitting = low >= this.axisLow + reach * 0.04 && high <= this.axisHigh - reach * 0.04 && span > reach * 0.55;
    if (fitting) return;
    this.axisLow = low - span * BEYOND;
    this.axisHigh = high + span * BEYOND;
  }

  #handle(end) {
    return el('div', {
      class: `handle handle-${end}`, role: 'slider', tabindex: '0', 'aria-orientation': 'vertical',
      'aria-label': `${end} limit`,
      on: {
        pointerdown: (event) => this.#drag(event, end),
        keydown: (event) => this.#key(event, end),
      },
    });
  }

  #y(value) {
    const height = this.track.clientHeight - 2 * PAD;
    return PAD + height * (1 - (value - this.axisLow) / (this.axisHigh - this.axisLow));
  }

  #value(y) {
    const height = this.track.clientHeight - 2 * PAD;
    return this.axisLow + (1 - (y - PAD) / height) * (this.axisHigh - this.axisLow);
  }

  #drag(event, end) {
    event.preventDefault();
    event.stopPropagation();
    event.target.focus();
    this.#follow(event, (y) => {
      this.#moveEnd(end, round(this.#value(y), this.axisHigh - this.axisLow));
    });
  }

  /** Moves one limit, at most to the other one. */
  #moveEnd(end, value) {
    const { low, high } = this.look;
    if (end === 'low') this.onLimits(Math.min(value, high), high);
    else this.onLimits(low, Math.max(value, low));
  }

  #dragBoth(event) {
    if (event.button !== 0 || !this.look) return;
    const { low, high } = this.look;
    const top = this.track.getBoundingClientRect().top;
    const start = this.#value(event.clientY - top);
    let moved = false;
    this.#follow(event, (y) => {
      const shift = round(this.#value(y) - start, this.axisHigh - this.axisLow);
      moved ||= Math.abs(shift) > 0;
      if (moved) this.onLimits(low + shift, high + shift);
    });
  }

  #follow(event, move) {
    const { track } = this;
    const top = track.getBoundingClientRect().top;
    track.setPointerCapture(event.pointerId);
    this.dragging = true;
    const onMove = (e) => move(e.clientY - top);
    const onUp = () => {
      this.dragging = false;
      track.removeEventListener('pointermove', onMove);
      track.removeEventListener('pointerup', onUp);
      track.removeEventListener('pointercancel', onUp);
    };
    track.addEventListener('pointermove', onMove);
    track.addEventListener('pointerup', onUp);
    track.addEventListener('pointercancel', onUp);
  }

  #key(event, end) {
    const steps = { ArrowUp: 0.01, ArrowDown: -0.01, ArrowRight: 0.01, ArrowLeft: -0.01, PageUp: 0.1, PageDown: -0.1 };
    const share = steps[event.key];
    if (share === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const span = this.look.high - this.look.low || 1;
    this.#moveEnd(end, round(this.look[end] + span * share, span));
  }

  #typed(end, value) {
    const typed = Number(value);
    if (value.trim() === '' || !Number.isFinite(typed)) {
      this.#draw();
      return;
    }
    if (end === 'low') this.onLimits(typed, Math.max(typed, this.look.high));
    else this.onLimits(Math.min(typed, this.look.low), typed);
  }

  #draw() {
    const { look, canvas, track } = this;
    const width = track.clientWidth;
    const height = track.clientHeight;
    if (!look || width === 0 || height < 4 * PAD) return;
    const ratio = fitCanvas(canvas, width, height);
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#drawHistogram(context);
    this.#drawBar(context, height, ratio);
    this.#drawTicks(context, width, height);
    ['low', 'high'].forEach((end, i) => {
      const handle = this.handles[i];
      handle.style.top = `${Math.round(this.#y(look[end]))}px`;
      handle.setAttribute('aria-valuenow', String(look[end]));
      handle.setAttribute('aria-valuetext', number(look[end]));
      handle.setAttribute('aria-valuemin', String(this.axisLow));
      handle.setAttribute('aria-valuemax', String(this.axisHigh));
      const input = this.inputs[1 - i];
      if (document.activeElement !== input && input.value !== number(look[end])) input.value = number(look[end]);
    });
  }

  #drawHistogram(context) {
    const { histogram } = this;
    if (!histogram || histogram.most === 0) return;
    const scale = HISTOGRAM / Math.log1p(histogram.most);
    const step = (histogram.high - histogram.low) / BINS;
    context.fillStyle = colour('histogram');
    context.beginPath();
    context.moveTo(HISTOGRAM, this.#y(histogram.low));
    for (let i = 0; i < BINS; i++) {
      const x = HISTOGRAM - Math.log1p(histogram.bins[i]) * scale;
      context.lineTo(x, this.#y(histogram.low + i * step));
      context.lineTo(x, this.#y(histogram.low + (i + 1) * step));
    }
    context.lineTo(HISTOGRAM, this.#y(histogram.high));
    context.fill();
  }

  #drawBar(context, height, ratio) {
    const { look } = this;
    const left = HISTOGRAM + GAP;
    for (let y = PAD; y < height - PAD; y += 1 / ratio) {
      const index = mapIndex(this.#value(y), look);
      const [r, g, b] = this.colours ? [index, index, index] : look.map.subarray(3 * index, 3 * index + 3);
      context.fillStyle = `rgb(${r} ${g} ${b})`;
      context.fillRect(left, y, BAR, 1 / ratio);
    }
  }

  #drawTicks(context, width, height) {
    const left = HISTOGRAM + GAP + BAR + GAP;
    const step = tickStep(this.axisHigh - this.axisLow, Math.max(2, Math.floor(height / 36)));
    context.fillStyle = colour('dim');
    context.font = FONT;
    context.textBaseline = 'middle';
    const [first, last] = tickNumbers(this.axisLow, this.axisHigh, step);
    for (let i = first; i <= last; i++) {
      const y = this.#y(i * step);
      context.fillRect(left - GAP + 1, Math.round(y), 3, 1);
      context.fillText(tickLabel(i * step, step), left + 2, y, width - left - 2);
    }
  }

  close() {
    this.observer.disconnect();
  }
}

/** A value rounded to a thousandth of the span, so that dragged limits are short numbers. */
function round(value, span) {
  const step = 10 ** Math.floor(Math.log10(span / 1000));
  return Number((Math.round(value / step) * step).toPrecision(12));
}
