// The wall: all streams of the directory as cards of equal size, and the control loops.

import { Card } from './card.js';
import { el, select, text } from './dom.js';
import { plural } from './format.js';
import { LoopTable } from './looptable.js';

const THUMBS_MS = 250;
const THUMB_SIZE = 128;

const STATE_ORDER = { dead: 0, late: 1, fresh: 2, idle: 3, never: 4 };

const ORDERS = {
  name: () => 0,
  state: (a, b) => (STATE_ORDER[a.state] ?? 9) - (STATE_ORDER[b.state] ?? 9),
  rate: (a, b) => (b.rateHz ?? -1) - (a.rateHz ?? -1),
  age: (a, b) => Number(a.ageNs ?? Infinity) - Number(b.ageNs ?? Infinity),
  size: (a, b) => b.bytes - a.bytes,
};

const GROUPS = {
  none: () => '',
  prefix: (stream) => /^[A-Za-z]+/.exec(stream.name)?.[0] ?? 'other',
  state: (stream) => stream.state,
  format: (stream) => stream.format,
  type: (stream) => stream.dtype,
};

export class Wall {
  constructor(app) {
    this.app = app;
    this.cards = new Map();
    this.sections = new Map();
    this.visible = new Set();
    this.search = el('input', {
      type: 'search', class: 'search', placeholder: 'Search  /', 'aria-label': 'Search streams', id: 'search',
      on: { input: () => { app.address.set('q', this.search.value || null); this.updated(); } },
    });
    this.sort = select('Sort', Object.keys(ORDERS).map((name) => [name, `by ${name}`]), (value) => {
      app.address.set('sort', value === 'name' ? null : value);
      this.updated();
    });
    this.group = select('Group', [['none', 'no groups'], ...Object.keys(GROUPS).slice(1).map((name) => [name, `group by ${name}`])], (value) => {
      app.address.set('group', value === 'none' ? null : value);
      this.updated();
    });
    this.chosen = new Set();
    this.together = el('button', { class: 'button', type: 'button', hidden: true, on: { click: () => this.openChosen() } });
    this.shown = el('span', { class: 'fact', role: 'status' });
    this.empty = el('p', { class: 'empty' });
    this.problems = el('ul', { class: 'problems', 'aria-label': 'Files that cannot be shown' });
    this.loops = new LoopTable(app);
    this.body = el('div', { class: 'wall-body' });
    this.root = el('div', { class: 'wall' },
      el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Wall' }, this.search, this.sort, this.group, this.together, el('span', { class: 'grow' }), this.shown),
      this.loops.root, this.body, this.empty, this.problems);
    this.observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) this.visible.add(entry.target.dataset.name);
        else this.visible.delete(entry.target.dataset.name);
      }
    }, { rootMargin: '64px' });
    this.readAddress();
    this.root.addEventListener('keydown', (event) => this.#arrows(event));
  }

  readAddress() {
    const { address } = this.app;
    this.search.value = address.get('q') ?? '';
    const known = (name, choices, usual) => (Object.hasOwn(choices, address.get(name)) ? address.get(name) : usual);
    this.sort.value = known('sort', ORDERS, 'name');
    this.group.value = known('group', GROUPS, 'none');
    if (this.app.listed) this.updated();
  }

  updated() {
    const wanted = this.search.value.trim().toLowerCase().split(/\s+/).filter((word) => word);
    const matches = (stream) => {
      const words = `${stream.name} ${stream.dtype} ${stream.format} ${stream.state} ${stream.shape.join('x')}`.toLowerCase();
      return wanted.every((word) => words.includes(word));
    };
    const order = ORDERS[this.sort.value];
    const streams = [...this.app.streams.values()].filter(matches)
      .sort((a, b) => order(a, b) || a.name.localeCompare(b.name, 'en', { numeric: true }));
    this.#cards(streams);
    this.#showChosen();
    this.#sections(streams);
    text(this.shown, streams.length === this.app.streams.size ? '' : `${streams.length} of ${plural(this.app.streams.size, 'stream')}`);
    text(this.empty, this.app.streams.size === 0 ? 'There is no stream in this directory yet. New ones appear here by themselves.'
      : streams.length === 0 ? 'No stream matches the search.' : '');
    this.#problems();
    this.loops.update(this.app.loops);
  }

  #cards(streams) {
    const names = new Set(streams.map(({ name }) => name));
    for (const [name, card] of this.cards) {
      if (names.has(name)) continue;
      this.observer.unobserve(card.root);
      this.visible.delete(name);
      card.root.remove();
      this.cards.delete(name);
    }
    for (const stream of streams) {
      let card = this.cards.get(stream.name);
      if (!card) {
        card = new Card(this.app, stream.name, (chosen) => this.#choose(stream.name, chosen));
        card.choose.checked = this.chosen.has(stream.name); // a search hid it since it was chosen
        this.cards.set(stream.name, card);
        this.observer.observe(card.root);
      }
      card.update(stream);
    }
  }

  #sections(streams) {
    const group = GROUPS[this.group.value];
    const byGroup = new Map();
    for (const stream of streams) {
      const key = group(stream);
      if (!byGroup.has(key)) byGroup.set(key, []);
      byGroup.get(key).push(this.cards.get(stream.name).root);
    }
    for (const [key, section] of this.sections) {
      if (!byGroup.has(key)) {
        section.root.remove();
        this.sections.delete(key);
      }
    }
    const keys = [...byGroup.keys()].sort();
    keys.forEach((key, i) => {
      let section = this.sections.get(key);
      if (!section) {
        const grid = el('ul', { class: 'grid', 'aria-label': key ? `Streams: ${key}` : 'Streams' });
        section = { grid, root: el('section', {}, key ? el('h2', { class: 'group', text: key }) : null, grid) };
        this.sections.set(key, section);
      }
      if (this.body.children[i] !== section.root) this.body.insertBefore(section.root, this.body.children[i] ?? null);
      byGroup.get(key).forEach((node, k) => {
        if (section.grid.children[k] !== node) section.grid.insertBefore(node, section.grid.children[k] ?? null);
      });
    });
  }

  #problems() {
    const lines = this.app.problems.map(({ name, message }) => `${name}: ${message}`);
    const key = lines.join('\n');
    if (this.problems.dataset.key === key) return;
    this.problems.dataset.key = key;
    this.problems.replaceChildren(...lines.map((line) => el('li', { text: line })));
  }

  #choose(name, chosen) {
    if (chosen) this.chosen.add(name);
    else this.chosen.delete(name);
    this.#showChosen();
  }

  /** Writes on the button how many streams are chosen, without those that were removed. */
  #showChosen() {
    for (const name of this.chosen) if (!this.app.streams.has(name)) this.chosen.delete(name);
    this.together.hidden = this.chosen.size < 2;
    text(this.together, `Show ${this.chosen.size} side by side`);
  }

  openChosen() {
    this.app.address.go('stream', [...this.chosen]);
  }

  /** Arrow keys go from card to card. */
  #arrows(event) {
    const links = [...this.root.querySelectorAll('.card-link')];
    const at = links.indexOf(document.activeElement);
    if (at < 0) return;
    const perRow = links.findIndex((link, i) => i > 0 && link.getBoundingClientRect().top > links[0].getBoundingClientRect().top + 4);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow < 0 ? links.length : perRow, ArrowUp: perRow < 0 ? -links.length : -perRow }[event.key];
    if (!step) return;
    event.preventDefault();
    links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
  }

  tick(nowMs) {
    if (this.asking || nowMs < (this.thumbsAfter ?? 0) || this.app.connection.state !== 'open') return;
    this.thumbsAfter = nowMs + THUMBS_MS;
    const names = [...this.visible].filter((name) => this.cards.get(name)?.wantsThumb())
      .map((name) => ({ name, after: this.cards.get(name).after }));
    if (names.length === 0) return;
    this.asking = true;
    this.app.connection.request({ op: 'thumbs', size: THUMB_SIZE, names }, (message) => {
      this.cards.get(message.header.stream)?.thumb(message);
    }).catch(() => {}).finally(() => { this.asking = false; });
  }

  mapsChanged() {
    for (const card of this.cards.values()) card.count = null;
  }

  close() {
    this.observer.disconnect();
  }
}
