// Asks for the frames of one stream: one request is open at a time, and the next one is sent when its frame was
// taken. So a page that draws slowly gets fewer frames, and never an older one.

import { Pacing } from './pacing.js';

const WAIT_MS = 1000;
const RETRY_MS = 500;

export class Feed {
  /** slice: a function that returns the slice to ask for, or null for whole frames. */
  constructor(connection, name, slice = () => null) {
    this.connection = connection;
    this.name = name;
    this.slice = slice;
    this.pacing = new Pacing();
    this.timer = 0;
    this.after = null;
    this.generation = null;
    /** The slice of the last request. */
    this.asked = null;
    this.newest = null;
    this.why = '';
    this.open = false;
    this.closed = false;
    this.notBefore = 0;
    this.bytes = 0;
    this.frames = 0;
  }

  /** Sends the next request in time for the next turn, if none is open. Call it in each turn of the page. */
  ask(nowMs) {
    this.pacing.turn(nowMs);
    if (this.open || this.closed || this.newest || performance.now() < this.notBefore) return;
    if (this.connection.state !== 'open') return;
    this.open = true;
    const delayMs = this.pacing.delayMs(performance.now());
    if (delayMs < 1) this.#send();
    else this.timer = setTimeout(() => this.#send(), delayMs);
  }

  #send() {
    this.timer = 0;
    this.#receive().finally(() => { this.open = false; });
  }

  async #receive() {
    const slice = this.slice();
    // Here and not where the slice is chosen: the answer to a request that was open then is of the slice before.
    if (slice !== this.asked) this.forget();
    this.asked = slice;
    const message = { op: 'frame', stream: this.name, slice, waitMs: WAIT_MS };
    if (this.after !== null) message.after = this.after;
    if (this.generation !== null) message.generation = this.generation;
    const sentMs = performance.now();
    this.pacing.sent(sentMs);
    try {
      const answer = await this.connection.request(message);
      if (this.closed) return;
      if (answer.none) {
        this.why = answer.why;
        if (answer.why !== 'TIMED_OUT') this.#later();
        if (answer.why === 'REMOVED') this.forget();
        return;
      }
      this.why = '';
      this.pacing.received(answer.receivedMs, this.#wasWritten(answer, sentMs));
      this.newest = answer;
      this.after = answer.header.count;
      this.recreated = this.generation !== null && this.generation !== answer.header.generation;
      this.generation = answer.header.generation;
      this.bytes += answer.buffer.byteLength;
      this.frames += 1;
    } catch (error) {
      this.why = error.message;
      this.#later();
    }
  }

  /** Whether the frame was written after its request was sent: then the server has waited for it. */
  #wasWritten({ header, receivedMs }, sentMs) {
    const ageNs = this.connection.ageNs(header.acquiredNs);
    return ageNs !== null && ageNs < (receivedMs - sentMs) * 1e6;
  }

  #later() {
    this.notBefore = performance.now() + RETRY_MS;
  }

  /** Hands out the newest frame, once. */
  take() {
    const frame = this.newest;
    this.newest = null;
    return frame;
  }

  /** The next request gets the newest frame also if it was sent before. */
  forget() {
    this.after = null;
    this.generation = null;
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.newest = null;
  }
}
