// The control loops of the machine as a table above the wall.

import { el, text } from './dom.js';
import { count, duration } from './format.js';

const COLUMNS = ['loop', 'state', 'process', 'steps', 'missed', 'overruns', 'compute p99'];

export class LoopTable {
  constructor(app) {
    this.app = app;
    this.rows = new Map();
    this.body = el('tbody');
    this.root = el('section', { class: 'loops', hidden: true, 'aria-label': 'Control loops' },
      el('table', { class: 'table' },
        el('thead', {}, el('tr', {}, ...COLUMNS.map((name, i) => el('th', { scope: 'col', class: i > 1 ? 'num' : '', text: name })))),
        this.body));
  }

  update(loops) {
    this.root.hidden = loops.length === 0;
    const names = new Set(loops.map(({ name }) => name));
    for (const [name, row] of this.rows) {
      if (names.has(name)) continue;
      row.root.remove();
      this.rows.delete(name);
    }
    for (const loop of loops) this.#row(loop);
  }

  #row(loop) {
    let row = this.rows.get(loop.name);
    if (!row) {
      const link = el('a', { href: `#/loop/${encodeURIComponent(loop.name)}`, text: loop.name });
      const cells = COLUMNS.map((_, i) => el('td', { class: i > 1 ? 'num' : '' }));
      cells[0].append(link);
      const state = el('span', { class: 'state' });
      cells[1].append(state);
      row = { cells, state, root: el('tr', {}, ...cells) };
      this.rows.set(loop.name, row);
      this.body.append(row.root);
    }
    text(row.state, loop.state);
    row.state.dataset.state = loopColour(loop.state);
    const values = [loop.pid, count(loop.steps), count(loop.missed), count(loop.overruns),
      loop.p99Us === null || loop.p99Us === undefined ? '–' : duration(loop.p99Us * 1e3)];
    values.forEach((value, i) => text(row.cells[i + 2], String(value)));
    row.cells[4].dataset.state = Number(loop.missed) > 0 ? 'late' : '';
    row.cells[5].dataset.state = Number(loop.overruns) > 0 ? 'late' : '';
  }
}

/** The colour of a state of a loop, among those of streams. */
export function loopColour(state) {
  return { running: 'fresh', idle: 'idle', standby: 'idle', off: 'idle', error: 'dead', killed: 'dead' }[state] ?? 'idle';
}
