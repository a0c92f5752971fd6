// Draws a picture with a 2D canvas where the browser has no WebGL2, or the picture is larger than its textures.

import { bend, mapIndex } from './stretch.js';
import { byte, MARKS } from './renderer.js';

const packed = ([r, g, b]) => (255 << 24 | byte(b) << 16 | byte(g) << 8 | byte(r)) >>> 0;

export class CanvasRenderer {
  constructor(canvas) {
    this.canvas = canvas;
    this.name = 'canvas';
    this.context = canvas.getContext('2d', { alpha: false });
    this.source = document.createElement('canvas');
    this.sourceContext = this.source.getContext('2d');
    this.maskBytes = null;
    this.picture = null;
    this.table = new Uint32Array(256);
  }

  fits() {
    return true;
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
    const key = JSON.stringify([look.low, look.high, look.stretch, look.invert, look.saturation]);
    if (this.stale || this.key !== key || this.map !== look.map) this.#paint(look);
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

  #paint(look) {
    const { picture, words, table } = this;
    const { values, channels, columns } = picture;
    for (let i = 0; i < 256; i++) {
      table[i] = (255 << 24 | look.map[3 * i + 2] << 16 | look.map[3 * i + 1] << 8 | look.map[3 * i]) >>> 0;
    }
    const notFinite = MARKS.notFinite.map(packed);
    const saturated = packed(MARKS.saturated);
    for (let i = 0; i < words.length; i++) {
      if (channels > 1) {
        words[i] = this.#rgb(values, i * channels, look);
        continue;
      }
      const value = values[i];
      if (!Number.isFinite(value)) words[i] = notFinite[(i % columns + Math.floor(i / columns)) & 1];
      else if (look.saturation !== null && !look.marked && value >= look.saturation) words[i] = saturated;
      else words[i] = table[mapIndex(value, look)];
    }
    if (this.maskBytes) this.#paintMask();
    this.sourceContext.putImageData(this.image, 0, 0);
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
