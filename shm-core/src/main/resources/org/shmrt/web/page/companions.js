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
      this.feed.ask();
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

  /** The bytes of the mask for a picture, or null where there is none of its size. */
  maskFor(picture) {
    const bytes = this.mask ? this.bytes : null;
    return bytes && bytes.length === picture.pixels ? bytes : null;
  }

  get darkPicture() {
    return this.dark?.picture ?? null;
  }

  close() {
    this.dark?.feed.close();
    this.mask?.feed.close();
  }
}
