// A control loop: its state and counters, the histogram of each time, and how the times go on.

import { el, text } from './dom.js';
import { count, duration } from './format.js';
import { loopColour } from './looptable.js';
import { Plot } from './plots.js';

const POLL_MS = 1000;
const SECONDS = 300;
const MEASURES = ['interval', 'wake', 'compute', 'publish', 'end_to_end'];
const COUNTERS = ['steps', 'missed', 'overruns', 'skipped', 'errors', 'overtaken', 'timeouts', 'safe_states', 'unmatched'];
const COLUMNS = ['p50', 'p99', 'p99.9', 'p99.99', 'max', 'mean', 'count'];
/** Counters that should stay at 0. */
const BAD = new Set(['missed', 'overruns', 'errors', 'overtaken', 'timeouts', 'safe_states', 'unmatched']);

export class LoopPage {
  constructor(app, name) {
    this.app = app;
    this.name = name;
    this.polledMs = -Infinity;
    this.measure = 'end_to_end';
    this.before = null;
    this.n = 0;
    this.history = Array.from({ length: 5 }, () => new Float64Array(SECONDS));
    this.#build();
  }

  #build() {
    this.state = el('span', { class: 'state' });
    this.reason = el('span', { class: 'fact' });
    this.counters = new Map(COUNTERS.map((counter) => [counter, el('dd')]));
    this.facts = el('dl', { class: 'tiles', 'aria-label': 'Counters' },
      ...COUNTERS.map((counter) => el('div', {}, el('dt', { text: counter.replaceAll('_', ' ') }), this.counters.get(counter))));
    this.cells = new Map(MEASURES.map((measure) => [measure, COLUMNS.map(() => el('td', { class: 'num' }))]));
    this.choices = new Map(MEASURES.map((measure) => [measure, el('button', { class: 'row-choice', type: 'button', text: measure.replaceAll('_', ' '), on: { click: () => this.choose(measure) } })]));
    this.histogram = new Plot({ label: 'histogram', x: 'time [µs]', y: 'steps', series: ['steps'], kind: 'histogram', zero: true });
    this.steps = new Plot({ label: 'time of a step', x: 'seconds', y: 'µs', series: ['end to end p99', 'compute p99', 'wake p99'], kind: 'line', zero: true });
    this.missed = new Plot({ label: 'frames each second', x: 'seconds', y: 'frames', series: ['missed', 'overruns'], kind: 'step', zero: true });
    this.error = el('p', { class: 'hint', role: 'status' });
    this.root = el('div', { class: 'loop-page' },
      el('header', { class: 'pane-head' }, el('h1', { text: this.name }), this.state, this.reason),
      this.error, this.facts,
      el('table', { class: 'table', 'aria-label': 'Times since the loop was armed' },
        el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: 'time' }), ...COLUMNS.map((column) => el('th', { scope: 'col', class: 'num', text: column })))),
        el('tbody', {}, ...MEASURES.map((measure) => el('tr', {}, el('th', { scope: 'row' }, this.choices.get(measure)), ...this.cells.get(measure))))),
      el('div', { class: 'loop-plots' }, this.histogram.root, this.steps.root, this.missed.root));
    this.choose(this.app.address.get('measure') ?? this.measure);
  }

  /** Chooses the time whose histogram is drawn. */
  choose(measure) {
    if (!MEASURES.includes(measure)) return;
    this.measure = measure;
    this.app.address.set('measure', measure === 'end_to_end' ? null : measure);
    for (const [name, button] of this.choices) button.setAttribute('aria-pressed', String(name === measure));
    if (this.loop) this.#histogram();
  }

  readAddress() {
    this.choose(this.app.address.get('measure') ?? 'end_to_end');
  }

  updated() {}

  tick(nowMs) {
    if (this.asking || nowMs - this.polledMs < POLL_MS || this.app.connection.state !== 'open') return;
    this.polledMs = nowMs;
    this.#poll();
  }

  async #poll() {
    this.asking = true;
    try {
      const { loop } = await this.app.connection.request({ op: 'loop', name: this.name });
      this.loop = loop;
      text(this.error, '');
      this.#show(loop);
    } catch (error) {
      text(this.error, error.message);
    } finally {
      this.asking = false;
    }
  }

  #show(loop) {
    text(this.state, loop.state);
    this.state.dataset.state = loopColour(loop.state);
    const facts = [`process ${loop.pid}`];
    if (loop.deadline_ns) facts.push(`deadline ${duration(loop.deadline_ns)}`);
    if (loop.period_ns) facts.push(`period ${duration(loop.period_ns)}`);
    if (loop.reason) facts.push(loop.reason);
    text(this.reason, facts.join(' · '));
    for (const [counter, node] of this.counters) {
      text(node, count(loop[counter]));
      node.dataset.state = BAD.has(counter) && Number(loop[counter]) > 0 ? 'late' : '';
    }
    for (const [measure, cells] of this.cells) {
      const times = loop.times_ns[measure];
      COLUMNS.forEach((column, i) => {
        const value = times?.[column];
        text(cells[i], !times || Number(times.count) === 0 ? '–' : column === 'count' ? count(value) : duration(value));
        if (column === 'max' || column.startsWith('p99')) {
          cells[i].dataset.state = measure === 'end_to_end' && loop.deadline_ns && value > loop.deadline_ns ? 'late' : '';
        }
      });
    }
    this.#histogram();
    this.#remember(loop);
  }

  #histogram() {
    const buckets = this.loop.buckets?.[this.measure] ?? [];
    this.histogram.name({ label: `histogram of ${this.measure.replaceAll('_', ' ')}` });
    // Rare long times would squeeze the rest: the plot ends at the last 1 of 1000.
    const total = buckets.reduce((sum, [, , n]) => sum + Number(n), 0);
    let seen = 0;
    const shown = buckets.filter(([, , n]) => {
      seen += Number(n);
      return seen - Number(n) <= total * 0.999;
    });
    this.histogram.set([shown.map(([low]) => low / 1e3), shown.map(([, , n]) => Number(n))]);
  }

  /** Adds the times of the last second: the difference of the histograms since the poll before. */
  #remember(loop) {
    const { before } = this;
    this.before = loop;
    if (!before || before.started_ns !== loop.started_ns || !loop.buckets) return;
    const values = [
      ...['end_to_end', 'compute', 'wake'].map((measure) => quantileSince(before.buckets?.[measure] ?? [], loop.buckets[measure] ?? [], 0.99)),
      Number(loop.missed) - Number(before.missed), Number(loop.overruns) - Number(before.overruns),
    ];
    this.history.forEach((series, i) => {
      series.copyWithin(0, 1);
      series[SECONDS - 1] = values[i];
    });
    this.n = Math.min(this.n + 1, SECONDS);
    const x = Float64Array.from({ length: this.n }, (_, i) => i - this.n + 1);
    const newest = (series) => series.subarray(SECONDS - this.n);
    this.steps.set([x, ...this.history.slice(0, 3).map(newest)]);
    this.missed.set([x, ...this.history.slice(3).map(newest)]);
  }

  close() {
    for (const plot of [this.histogram, this.steps, this.missed]) plot.close();
  }
}

/** A quantile in µs of what was added to a histogram between two polls; NaN where nothing was. */
export function quantileSince(before, after, share) {
  const old = new Map(before.map(([low, , n]) => [low, Number(n)]));
  const added = after.map(([low, high, n]) => [high, Number(n) - (old.get(low) ?? 0)]);
  const total = added.reduce((sum, [, n]) => sum + n, 0);
  let left = Math.ceil(total * share);
  if (total <= 0) return NaN;
  for (const [high, n] of added) {
    left -= n;
    if (left <= 0) return high / 1e3;
  }
  return NaN;
}
