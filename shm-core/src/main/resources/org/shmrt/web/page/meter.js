// How many frames a pane draws a second and how old they are when drawn.

const CAPACITY = 4096;

export class Meter {
  constructor() {
    this.ages = new Float64Array(CAPACITY);
    this.n = 0;
    this.frames = 0;
    this.lastCount = null;
    this.fps = 0;
    this.windowStart = performance.now();
    this.windowFrames = 0;
  }

  /** Notes that a picture was drawn; the same frame counts once. */
  drawn(connection, picture) {
    const { count } = picture.header;
    const key = `${count} ${picture.header.generation}`;
    if (key === this.lastCount) return;
    this.lastCount = key;
    this.frames += 1;
    this.windowFrames += 1;
    this.age = connection.ageNs(picture.header.acquiredNs);
    if (this.age !== null) {
      this.ages[this.n % CAPACITY] = this.age;
      this.n += 1;
    }
  }

  /** Frames drawn a second, over the last second. */
  rate(nowMs) {
    const elapsed = nowMs - this.windowStart;
    if (elapsed >= 1000) {
      this.fps = this.windowFrames / elapsed * 1000;
      this.windowStart = nowMs;
      this.windowFrames = 0;
    }
    return this.fps;
  }

  /** For measurements: frames drawn so far and percentiles of the age in ms of the last ones. */
  report() {
    const sorted = this.ages.slice(0, Math.min(this.n, CAPACITY)).sort();
    const at = (share) => (sorted.length ? sorted[Math.floor((sorted.length - 1) * share)] / 1e6 : null);
    return { frames: this.frames, ageMs: { p50: at(0.5), p99: at(0.99), max: at(1) } };
  }
}
