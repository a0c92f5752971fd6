// The other streams of a pane: the dark that is subtracted and the mask that is laid over.

import { Feed } from './feed.js';
import { Picture } from './picture.js';

/** A dark or a mask is asked for at most so often. */
const INTERVAL_MS = 500;

class Companion {
  constructor(connection, name) {
    this.name = name;
    this.feed = new Feed(connection, name);
    this.picture = null;
    this.askedMs = -Infinity;
  }

  /** Returns whether a new frame has come. */
  tick(nowMs) {
    if (nowMs - this.askedMs >= INTERVAL_MS && !this.feed.newest) {
      this.askedMs = nowMs;
      this.feed.ask(nowMs);
    }
    const message = this.feed.take();
    if (!message) return false;
    this.picture ??= new Picture();
    this.picture.accept(message, false);
    this.picture.prepare('amp', null);
    return true;
  }
}

export class Companions {
  constructor(connection) {
    this.connection = connection;
    this.dark = null;
    this.mask = null;
  }

  /** kind: 'dark' or 'mask'; an empty name means none. */
  choose(kind, name) {
    if ((this[kind]?.name ?? '') === name) return;
    this[kind]?.feed.close();
    this[kind] = name ? new Companion(this.connection, name) : null;
    if (kind === 'mask') this.bytes = null;
  }

  /** Returns whether the picture has to be drawn again. */
  tick(nowMs) {
    const dark = this.dark?.tick(nowMs) ?? false;
    const mask = this.mask?.tick(nowMs) ?? false;
    if (mask) this.#makeMask();
    this.maskChanged ||= mask;
    return dark || mask;
  }

  #makeMask() {
    const { values } = this.mask.picture;
    if (this.bytes?.length !== values.length) this.bytes = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i++) this.bytes[i] = values[i] ? 1 : 0;
  }

  /**
   * The marks of each pixel of a picture, or null where there are none: bit 0 for the mask, bit 1 for a value that was
   * saturated before the dark was subtracted. Without a dark the renderer finds saturated values by itself.
   */
  marksFor(picture, saturation) {
    const bytes = this.mask && this.bytes?.length === picture.pixels ? this.bytes : null;
    if (!picture.dark || saturation === null) return bytes;
    if (this.marks?.length !== picture.pixels) this.marks = new Uint8Array(picture.pixels);
    const { bare } = picture;
    for (let i = 0; i < bare.length; i++) this.marks[i] = (bytes ? bytes[i] : 0) | (bare[i] >= saturation ? 2 : 0);
    return this.marks;
  }

  get darkPicture() {
    return this.dark?.picture ?? null;
  }

  close() {
    this.dark?.feed.close();
    this.mask?.feed.close();
  }
}
