// When to ask for the next frame: as late as its answer can still be drawn in the page's next turn. So what is drawn is
// as new as possible. How long an answer takes is learned from the answers.

const FIRST_PERIOD_MS = 1000 / 60;
const LONGEST_PERIOD_MS = 50;
const FIRST_LEAD_MS = 8;
const SHORTEST_LEAD_MS = 3;
const SMOOTHING = 16;
/** An answer should come so long before the turn. */
const WANTED_MS = 3;
const LATE_STEP_MS = 2;
const UP_MS = 0.5;
const DOWN_MS = 0.05;

export class Pacing {
  constructor() {
    this.periodMs = FIRST_PERIOD_MS;
    this.leadMs = FIRST_LEAD_MS;
    this.turnMs = 0;
    this.sentMs = 0;
  }

  /** A turn of the page begins. */
  turn(nowMs) {
    const elapsed = nowMs - this.turnMs;
    if (elapsed > 0 && elapsed < LONGEST_PERIOD_MS) this.periodMs += (elapsed - this.periodMs) / SMOOTHING;
    this.turnMs = nowMs;
  }

  /** Milliseconds from now until the request should be sent; 0 or less: now. */
  delayMs(nowMs) {
    return this.turnMs + this.periodMs - this.leadMs - nowMs;
  }

  sent(nowMs) {
    this.sentMs = nowMs;
  }

  /** An answer has come. waited: the server had no new frame when the request came, which teaches nothing. */
  received(nowMs, waited) {
    if (waited) return;
    if (this.turnMs > this.sentMs) this.#lead(LATE_STEP_MS);
    else {
      const before = this.turnMs + this.periodMs - nowMs;
      this.#lead(before < WANTED_MS ? UP_MS : before > WANTED_MS + 1 ? -DOWN_MS : 0);
    }
  }

  #lead(change) {
    this.leadMs = Math.min(Math.max(this.leadMs + change, SHORTEST_LEAD_MS), this.periodMs);
  }
}
