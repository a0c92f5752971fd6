// Header, keywords, semaphores and warnings of a stream, live: what `shm info` prints.

import { el, Facts, text } from './dom.js';
import { bytes, count, shape } from './format.js';

const POLL_MS = 1000;

/** Facts with a special form; the others are shown as they are. */
const FORMS = {
  shape: (value) => shape(value), bytes: (value) => bytes(value),
  cnt0: count, cnt1: count, cnt2: count,
  created: (value) => (value > 0 ? `${new Date(value * 1000).toISOString().replace('T', ' ').slice(0, 19)} UTC` : '–'),
  age_s: (value) => (value === null ? '–' : `${value.toFixed(3)}\u202fs`),
};

const TABLES = {
  keywords: ['Keywords', ['name', 'value', 'comment']],
  findings: ['Warnings', ['warning']],
  traces: ['Trace', null],
};

export class HeaderTab {
  constructor(app, page) {
    this.app = app;
    this.page = page;
    this.facts = new Facts();
    this.tables = new Map();
    this.beside = el('div', { class: 'header-tables' });
    this.error = el('p', { class: 'hint' });
    this.root = el('div', { class: 'header-tab' }, el('div', {}, el('h3', { text: 'Header' }), this.facts.root, this.error), this.beside);
    this.askedMs = -Infinity;
  }

  async poll(pane) {
    const nowMs = performance.now();
    if (this.asking || this.app.connection.state !== 'open') return;
    if (this.pane === pane && nowMs - this.askedMs < POLL_MS - 100) return;
    this.askedMs = nowMs;
    this.asking = true;
    try {
      const { info } = await this.app.connection.request({ op: 'info', stream: pane.name });
      if (this.pane !== pane) this.#clear();
      this.pane = pane;
      text(this.error, '');
      this.#show(info);
    } catch (error) {
      text(this.error, error.message);
    } finally {
      this.asking = false;
    }
  }

  refresh() {}

  #clear() {
    this.facts.clear();
    this.tables.clear();
    this.beside.replaceChildren();
  }

  #show(info) {
    for (const [name, value] of Object.entries(info)) {
      if (Object.hasOwn(TABLES, name)) this.#table(name, value);
      else if (!name.startsWith('sem_')) this.facts.set(name.replaceAll('_', ' '), FORMS[name] ? FORMS[name](value) : plain(value));
    }
    this.#semaphores(info);
  }

  #table(name, list) {
    const [title, columns] = TABLES[name];
    if (!Array.isArray(list) || list.length === 0) {
      this.tables.get(name)?.root.remove();
      this.tables.delete(name);
      return;
    }
    const rows = list.map((entry) => (typeof entry === 'object' ? entry : { warning: entry }));
    this.#rows(name, title, columns ?? Object.keys(rows[0]), rows.map((row) => (columns ?? Object.keys(row)).map((column) => plain(row[column]))));
  }

  #semaphores(info) {
    const values = info.sem_values ?? [];
    if (values.length === 0) return;
    this.#rows('semaphores', 'Semaphores', ['#', 'value', 'waiters', 'reader', 'writer'], values.map((value, i) => [
      String(i), plain(value), plain(info.sem_waiters?.[i]), plain(info.sem_reader_pids?.[i]), plain(info.sem_writer_pids?.[i]),
    ]));
  }

  #rows(name, title, columns, rows) {
    let table = this.tables.get(name);
    if (!table) {
      const body = el('tbody');
      table = { body, root: el('div', {}, el('h3', { text: title }), el('table', { class: 'table' },
        el('thead', {}, el('tr', {}, ...columns.map((column) => el('th', { scope: 'col', text: column.replaceAll('_', ' ') })))), body)) };
      this.tables.set(name, table);
      this.beside.append(table.root);
    }
    const { body } = table;
    while (body.children.length > rows.length) body.lastChild.remove();
    rows.forEach((cells, i) => {
      const row = body.children[i] ?? body.appendChild(el('tr', {}, ...cells.map(() => el('td'))));
      cells.forEach((cell, k) => text(row.children[k], cell));
    });
  }
}

/** Any value of the report as one line. */
function plain(value) {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(plain).join(', ');
  if (typeof value === 'object') return Object.entries(value).map(([name, part]) => `${name} ${plain(part)}`).join(', ');
  return String(value);
}
