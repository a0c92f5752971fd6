// One card of the wall: thumbnail, name, shape and type, rate, state, sparkline of the interval.

import { colour, el, fitCanvas, text } from './dom.js';
import { count, duration, rate, shape, STATE_TEXT } from './format.js';
import { sparkline, strokeLine } from './plots.js';
import { byte, MARKS } from './renderer.js';

const SPARK_SECONDS = 60;
const NOT_FINITE = 255;
const LEVELS = 254;
const [MISSING_RED, MISSING_GREEN, MISSING_BLUE] = MARKS.notFinite[0].map(byte);

export class Card {
  constructor(app, name, onChoose) {
    this.app = app;
    this.name = name;
    this.count = null;
    this.canvas = el('canvas', { class: 'thumb', width: '1', height: '1', 'aria-hidden': 'true' });
    this.context = this.canvas.getContext('2d');
    this.state = el('span', { class: 'state' });
    this.title = el('span', { class: 'card-name', text: name, title: name });
    this.kind = el('span', { class: 'card-kind' });
    this.rate = el('span', { class: 'card-rate' });
    this.age = el('span', { class: 'card-age' });
    this.lost = el('span', { class: 'card-lost' });
    this.spark = el('canvas', { class: 'spark', 'aria-hidden': 'true' });
    this.choose = el('input', {
      type: 'checkbox', class: 'card-choose', 'aria-label': `show ${name} side by side`, title: 'show side by side',
      on: { change: () => onChoose(this.choose.checked) },
    });
    this.link = el('a', { class: 'card-link', href: `#/stream/${encodeURIComponent(name)}` },
      el('div', { class: 'thumb-box' }, this.canvas),
      el('div', { class: 'card-line' }, this.title, this.state),
      el('div', { class: 'card-line dim' }, this.kind, this.lost),
      el('div', { class: 'card-line' }, this.rate, this.age),
      this.spark);
    this.root = el('li', { class: 'card', data: { name } }, this.link, this.choose);
  }

  update(stream) {
    this.stream = stream;
    text(this.state, STATE_TEXT[stream.state] ?? stream.state);
    if (this.state.dataset.state !== stream.state) this.state.dataset.state = stream.state;
    text(this.kind, `${shape(stream.shape)} ${stream.dtype}`);
    text(this.rate, rate(stream.rateHz));
    // An age below a second says nothing that the rate does not; it would only flicker.
    const old = stream.ageNs !== null && Number(stream.ageNs) > 1e9;
    text(this.age, old ? `${duration(Number(stream.ageNs))} ago` : stream.intervalUs ? `p99 ${duration(stream.intervalUs.p99 * 1e3)}` : '');
    this.age.title = old ? 'time since the last frame' : '99th percentile of the interval between frames';
    text(this.lost, stream.lost && stream.lost !== '0' ? `${count(stream.lost)} lost` : '');
    const label = `${this.name}, ${shape(stream.shape)} ${stream.dtype}, ${STATE_TEXT[stream.state] ?? stream.state}, ${rate(stream.rateHz)}`;
    if (this.link.getAttribute('aria-label') !== label) this.link.setAttribute('aria-label', label);
    const key = `${stream.spark.join()} ${colour('spark')}`;
    if (key !== this.sparkKey && this.spark.clientWidth > 0) {
      this.sparkKey = key;
      sparkline(this.spark, stream.spark, SPARK_SECONDS);
    }
  }

  /** Whether a new thumbnail can exist. */
  wantsThumb() {
    return this.count === null || this.stream.count !== this.count || this.stream.generation !== this.generation;
  }

  /** The count of the thumbnail shown; null where the stream was created again since, and may count from 1 again. */
  get after() {
    return this.stream.generation === this.generation ? this.count : null;
  }

  thumb(message) {
    const { header, buffer, offset } = message;
    this.count = header.count;
    this.generation = this.stream.generation;
    const bytes = new Uint8Array(buffer, offset, header.width * header.height);
    if (header.height === 1) this.#vector(bytes, header);
    else this.#picture(bytes, header);
  }

  #picture(bytes, { width, height }) {
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height || !this.image) {
      canvas.width = width;
      canvas.height = height;
      this.image = this.context.createImageData(width, height);
    }
    const map = this.app.map('viridis');
    const { data } = this.image;
    for (let i = 0; i < bytes.length; i++) {
      const level = bytes[i];
      const entry = 3 * Math.round(level * 255 / LEVELS);
      data[4 * i] = level === NOT_FINITE ? MISSING_RED : map[entry];
      data[4 * i + 1] = level === NOT_FINITE ? MISSING_GREEN : map[entry + 1];
      data[4 * i + 2] = level === NOT_FINITE ? MISSING_BLUE : map[entry + 2];
      data[4 * i + 3] = 255;
    }
    this.context.putImageData(this.image, 0, 0);
    canvas.classList.remove('is-vector');
    // Small pictures are enlarged by squares, never blurred.
    canvas.classList.toggle('is-small', width < 128 && height < 128);
  }

  #vector(bytes, { width }) {
    const { canvas, context } = this;
    canvas.classList.add('is-vector');
    const ratio = fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
    const { width: w, height: h } = canvas;
    this.image = null; // a picture that follows may have the size of this canvas, but not that of its image
    context.clearRect(0, 0, w, h);
    context.strokeStyle = colour('series-1');
    context.lineWidth = 1.25 * ratio;
    strokeLine(context, width, (i) => bytes[i] === NOT_FINITE ? null
      : [(i + 0.5) / width * w, h * 0.92 - bytes[i] / LEVELS * h * 0.84]);
  }
}
