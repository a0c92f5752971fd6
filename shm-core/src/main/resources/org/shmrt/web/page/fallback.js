// Draws a picture with a 2D canvas: where the browser has no WebGL2 or no graphics card, or the picture is larger than a
// texture.

import { bend, mapIndex } from './stretch.js';
import { byte, MARKS } from './renderer.js';

const packed = ([r, g, b]) => (255 << 24 | byte(b) << 16 | byte(g) << 8 | byte(r)) >>> 0;

const SATURATED = packed(MARKS.saturated);

/** Number of values that a type has, for types of which a table of colours is worth while. */
const ENTRIES = { Uint8Array: 256, Int8Array: 256, Uint16Array: 65536, Int16Array: 65536 };

export class CanvasRenderer {
  constructor(canvas) {
    this.canvas = canvas;
    this.name = 'canvas';
    this.isCanvas = true;
    this.context = canvas.getContext('2d', { alpha: false });
    this.source = document.createElement('canvas');
    this.sourceContext = this.source.getContext('2d');
    this.maskBytes = null;
    this.picture = null;
    this.table = new Uint32Array(256);
    this.byValue = new Uint32Array(0);
    this.tableOf = '';
  }

  upload(picture) {
    this.picture = picture;
    if (this.source.width !== picture.columns || this.source.height !== picture.rows || !this.image) {
      this.source.width = picture.columns;
      this.source.height = picture.rows;
      this.image = this.sourceContext.createImageData(picture.columns, picture.rows);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    this.stale = true;
  }

  setMask(bytes) {
    this.maskBytes = bytes;
    this.stale = true;
  }

  draw(view, look, ratio) {
    if (!this.picture) return;
    const key = JSON.stringify([look.low, look.high, look.stretch, look.invert, look.saturation, look.marked]);
    if (this.stale || this.key !== key || this.map !== look.map) this.#paint(look, key);
    this.key = key;
    this.map = look.map;
    this.stale = false;
    const { context, canvas } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = `rgb(${look.outside.map(byte).join(' ')})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    const scale = view.scale * ratio;
    const [a, b, c, d] = view.matrix;
    // From source to oriented: the inverse of an orthogonal matrix is its transpose.
    const x0 = a + c < 0 ? view.width : 0;
    const y0 = b + d < 0 ? view.height : 0;
    const left = canvas.width / 2 - view.centreX * view.width * scale;
    const top = canvas.height / 2 - view.centreY * view.height * scale;
    context.setTransform(a * scale, b * scale, c * scale, d * scale, left + x0 * scale, top + y0 * scale);
    context.drawImage(this.source, 0, 0);
  }

  #paint(look, key) {
    const { picture, words, table } = this;
    for (let i = 0; i < 256; i++) {
      table[i] = (255 << 24 | look.map[3 * i + 2] << 16 | look.map[3 * i + 1] << 8 | look.map[3 * i]) >>> 0;
    }
    const entries = ENTRIES[picture.values.constructor.name];
    if (picture.channels === 1 && entries <= words.length) this.#paintByValue(look, key, entries);
    else this.#paintEach(look);
    if (this.maskBytes) this.#paintMask();
    this.sourceContext.putImageData(this.image, 0, 0);
  }

  /** Integers of at most 16 bits: the colour of each possible value is computed once for each look. */
  #paintByValue(look, key, entries) {
    const { words } = this;
    const { values } = this.picture;
    const type = values.constructor;
    const tableOf = `${type.name} ${key}`;
    if (this.tableOf !== tableOf || this.map !== look.map) {
      this.tableOf = tableOf;
      if (this.byValue.length !== entries) this.byValue = new Uint32Array(entries);
      const value = new type(1);
      for (let i = 0; i < entries; i++) {
        value[0] = i;
        this.byValue[i] = this.#colour(value[0], look);
      }
    }
    const { byValue } = this;
    const bits = entries - 1;
    for (let i = 0; i < words.length; i++) words[i] = byValue[values[i] & bits];
  }

  #paintEach(look) {
    const { picture, words } = this;
    const { values, channels, columns } = picture;
    const notFinite = MARKS.notFinite.map(packed);
    for (let i = 0; i < words.length; i++) {
      if (channels > 1) words[i] = this.#rgb(values, i * channels, look);
      else if (Number.isFinite(values[i])) words[i] = this.#colour(values[i], look);
      else words[i] = notFinite[(i % columns + Math.floor(i / columns)) & 1];
    }
  }

  #colour(value, look) {
    if (look.saturation !== null && !look.marked && value >= look.saturation) return SATURATED;
    return this.table[mapIndex(value, look)];
  }

  #rgb(values, at, look) {
    let word = 255 << 24;
    for (let k = 0; k < 3; k++) {
      const value = values[at + k];
      if (!Number.isFinite(value)) return packed(MARKS.notFinite[0]);
      const share = bend((value - look.low) / (look.high - look.low || 1), look.stretch);
      word |= byte(look.invert ? 1 - share : share) << (8 * k);
    }
    return word >>> 0;
  }

  #paintMask() {
    const { data } = this.image;
    const share = MARKS.maskShare;
    for (let i = 0; i < this.maskBytes.length; i++) {
      if (this.maskBytes[i] & 2) this.words[i] = packed(MARKS.saturated);
      if (!(this.maskBytes[i] & 1)) continue;
      for (let k = 0; k < 3; k++) data[4 * i + k] = data[4 * i + k] * (1 - share) + 255 * MARKS.mask[k] * share;
    }
  }

  readTexture() {
    const { picture } = this;
    return { format: 'canvas', rows: picture.rows, columns: picture.columns, values: Array.from(picture.values) };
  }

  readPixels() {
    const { width, height } = this.canvas;
    const { data } = this.context.getImageData(0, 0, width, height);
    return { width, height, rgba: new Uint8Array(data.buffer) };
  }

  close() {
    this.picture = null;
  }
}
