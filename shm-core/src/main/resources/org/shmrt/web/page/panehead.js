// The lines above and below a picture: name, state, rate, count; pixel under the pointer, zoom, limits, age.

import { el, iconButton, text } from './dom.js';
import { bytes, count, duration, number, rate, shape, STATE_TEXT } from './format.js';

const TEXT_MS = 200;

const WHY = {
  REMOVED: 'removed: waiting for a stream of this name',
  NEVER_WRITTEN: 'no frame was written yet',
  STALE_WRITER: 'the writer stopped in the middle of a frame',
};

export class PaneHead {
  constructor(pane) {
    this.pane = pane;
    this.next = 0;
    const fact = (name, title) => {
      const node = el('span', { class: `fact fact-${name}`, title });
      this[name] = node;
      return node;
    };
    this.root = el('header', { class: 'pane-head' },
      el('h2', { text: pane.name, title: pane.name }),
      fact('state', 'state of the stream'),
      fact('kind', 'shape in numpy order, type'),
      fact('rate', 'frames a second'),
      fact('interval', 'interval between frames: median and 99th percentile'),
      fact('count', 'frames written since the stream was created'),
      fact('lost', 'frames that passed between two polls of the server'),
      iconButton('close', `close ${pane.name}`, null, () => pane.dispatchEvent(new Event('close'))));
    this.readout = el('footer', { class: 'readout' },
      fact('pixel', 'pixel under the pointer'),
      fact('remark', 'how the values are shown'),
      fact('zoom', 'zoom: CSS pixels for each pixel of the picture'),
      fact('drawn', 'frames drawn a second'),
      fact('age', 'age of the frame when it was drawn'));
  }

  tick(nowMs) {
    if (nowMs < this.next) return;
    this.next = nowMs + TEXT_MS;
    const { pane } = this;
    const row = pane.listed;
    const { picture } = pane;
    const why = pane.feed.why;
    const state = why === 'REMOVED' || !row ? 'removed' : row.state;
    text(this.state, STATE_TEXT[state] ?? state);
    this.state.dataset.state = state;
    if (row) {
      text(this.kind, `${shape(row.shape)} ${row.dtype}${row.depth > 1 ? ` ×${row.depth} slots` : ''}`);
      this.kind.title = `shape in numpy order, type; ${bytes(row.bytes)} a frame; format ${row.format} ${row.variant ?? ''}`;
      text(this.rate, rate(row.rateHz));
      text(this.interval, row.intervalUs ? `p50 ${duration(row.intervalUs.p50 * 1e3)}, p99 ${duration(row.intervalUs.p99 * 1e3)}` : '');
      text(this.count, `#${count(picture.header?.count ?? row.count)}`);
      const lost = row.lost && row.lost !== '0';
      text(this.lost, lost ? `${count(row.lost)} lost` : '');
      this.lost.dataset.state = lost ? 'lost' : '';
    }
    text(pane.message, this.#message(row, why));
    text(this.remark, picture.remark);
    text(this.zoom, picture.kind === 'vector' || picture.kind === 'none' ? '' : `zoom ×${pane.view.scale.toPrecision(3)}`);
    text(this.drawn, pane.paused ? 'paused' : `${pane.meter.rate(nowMs).toFixed(1)}\u202ffps`);
    text(this.age, pane.paused || pane.meter.age === null ? '' : `age ${duration(pane.meter.age)}`);
    this.hovered();
  }

  #message(row, why) {
    if (this.pane.app.connection.state !== 'open') return 'not connected to the server; trying again';
    if (WHY[why]) return WHY[why];
    if (!row && this.pane.app.listed) return 'there is no stream of this name; waiting for it';
    if (why && why !== 'TIMED_OUT') return why;
    return this.pane.picture.kind === 'none' ? 'waiting for a frame' : '';
  }

  /** Writes the pixel under the pointer, or that of the cross-hair. */
  hovered() {
    const { pane } = this;
    const { picture, pointed: at } = pane;
    if (!at || picture.kind !== 'image' && picture.kind !== 'rgb') {
      text(this.pixel, '');
      return;
    }
    const value = picture.exact(...at);
    const shown = Array.isArray(value) ? value.map(number).join(' ') : number(value);
    text(this.pixel, `${pane.app.pixelName(at[0], at[1], pane.shared)} = ${shown}`);
  }

  /** The picture in words. */
  description() {
    const { picture, whole, name } = this.pane;
    return `${name}: ${shape(picture.header.shape)} ${picture.dtype}, minimum ${number(whole.min)}, maximum `
      + `${number(whole.max)}, mean ${number(whole.mean)}, ${whole.nan + whole.inf} values not finite`;
  }
}
