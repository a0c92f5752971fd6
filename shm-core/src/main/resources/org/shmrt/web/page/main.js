// Starts the page: connection, list of streams, the page that the address names, the clock.

import { Address } from './address.js';
import { Connection } from './connection.js';
import { announce, attribute, el, iconButton, text } from './dom.js';
import { plural } from './format.js';
import { installHook } from './hook.js';
import { Keys } from './keys.js';
import { LoopPage } from './loops.js';
import { StreamPage } from './stream.js';
import { Wall } from './wall.js';

const LIST_MS = 500;
const THEMES = ['auto', 'dark', 'light'];
const CONNECTION_TEXT = { connecting: 'connecting', open: 'connected', lost: 'not connected' };

class App {
  constructor() {
    const scheme = window.location.protocol === 'https:' ? 'wss:' : 'ws:';
    this.connection = new Connection(`${scheme}//${window.location.host}/ws`);
    this.address = new Address();
    this.streams = new Map();
    this.loops = [];
    this.problems = [];
    this.maps = new Map();
    this.grey = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
    /** 'canvas' or 'webgl' for tests and measurements, else null. */
    this.renderer = this.address.get('renderer');
    this.keys = new Keys(this);
    this.#theme();
    this.#bar();
    this.address.addEventListener('change', () => this.#route());
    this.connection.addEventListener('state', () => this.#connected());
  }

  start() {
    this.#route();
    this.connection.start();
    window.setInterval(() => this.#list(), LIST_MS);
    const turn = (nowMs) => {
      requestAnimationFrame(turn); // first: the page goes on after an exception
      this.page.tick(nowMs);
    };
    requestAnimationFrame(turn);
  }

  /** The 256 colours of a map as 768 bytes; grey while the server has not sent it. */
  map(name) {
    return this.maps.get(name) ?? this.grey;
  }

  /** A pixel in the axes that the user chose: [row, column] from 0 as numpy's, (x, y) from 1 as FITS's. */
  pixelName(row, column, shared) {
    return shared.get('axes') === 'fits' ? `(${column + 1}, ${row + 1})` : `[${row}, ${column}]`;
  }

  #bar() {
    this.place = el('nav', { class: 'place', 'aria-label': 'Place' });
    this.summary = el('span', { class: 'fact' });
    this.status = el('span', { class: 'connection', role: 'status', data: { state: 'connecting' }, text: 'connecting' });
    this.themeButton = iconButton('theme', 'theme', null, () => this.nextTheme());
    document.getElementById('bar').append(
      this.place, el('span', { class: 'grow' }), this.summary, this.status, this.themeButton,
      iconButton('help', 'keyboard help', '?', () => this.keys.help()));
    document.getElementById('skip').addEventListener('click', (event) => {
      event.preventDefault();
      document.getElementById('main').focus();
    });
    this.#themeLabel();
  }

  #theme() {
    const kept = this.address.get('theme') ?? window.localStorage.getItem('shmrt-theme') ?? 'auto';
    this.theme = THEMES.includes(kept) ? kept : 'auto';
    document.documentElement.dataset.theme = this.theme;
    window.matchMedia('(prefers-color-scheme: light)')
      .addEventListener('change', () => document.dispatchEvent(new Event('theme')));
  }

  nextTheme() {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length];
    document.documentElement.dataset.theme = this.theme;
    window.localStorage.setItem('shmrt-theme', this.theme);
    this.address.set('theme', null);
    document.dispatchEvent(new Event('theme'));
    this.#themeLabel();
    announce(`theme ${this.theme}`);
  }

  #themeLabel() {
    this.themeButton.title = `theme: ${this.theme}; click for the next one (D)`;
    this.themeButton.setAttribute('aria-label', `theme: ${this.theme}`);
  }

  #connected() {
    const { state, hello } = this.connection;
    text(this.status, CONNECTION_TEXT[state]);
    attribute(this.status, 'data-state', state);
    if (state === 'open') {
      for (const { name, rgb } of hello.colourMaps) {
        this.maps.set(name, Uint8Array.from(atob(rgb), (letter) => letter.charCodeAt(0)));
      }
      this.#list();
      this.page.mapsChanged?.();
    }
    announce(CONNECTION_TEXT[state]);
    this.#placeLine();
  }

  async #list() {
    if (this.listing || this.connection.state !== 'open' || document.hidden) return;
    this.listing = true;
    try {
      const answer = await this.connection.request({ op: 'list' });
      const before = this.streams;
      this.streams = new Map(answer.streams.map((stream) => [stream.name, stream]));
      this.loops = answer.loops ?? [];
      this.problems = answer.problems ?? [];
      if (this.listed) this.#announceChanges(before);
      this.listed = true;
      this.page.updated();
      text(this.summary, plural(this.streams.size, 'stream'));
    } catch {
      // The connection reports its own state; the next turn asks again.
    } finally {
      this.listing = false;
    }
  }

  #announceChanges(before) {
    const added = [...this.streams.keys()].filter((name) => !before.has(name));
    const removed = [...before.keys()].filter((name) => !this.streams.has(name));
    if (added.length) announce(`new: ${added.join(', ')}`);
    else if (removed.length) announce(`removed: ${removed.join(', ')}`);
  }

  /** Opens the page of the address; keeps it where only settings changed. */
  #route() {
    const { page, names } = this.address;
    const key = `${page} ${names.join(' ')}`;
    if (this.page && this.routed === key) {
      this.page.readAddress();
      return;
    }
    this.routed = key;
    this.page?.close();
    this.page = page === 'stream' ? new StreamPage(this, names) : page === 'loop' ? new LoopPage(this, names[0]) : new Wall(this);
    document.getElementById('main').replaceChildren(this.page.root);
    document.title = page === 'wall' ? 'shm view' : `${names.join(' + ')} · shm view`;
    this.#placeLine();
    if (this.listed) this.page.updated();
  }

  #placeLine() {
    const { page, names } = this.address;
    const directory = this.connection.hello?.directory ?? '';
    const parts = [el('a', { class: 'brand', href: '#/', title: 'all streams (W)' }, el('img', { src: '/assets/icon.svg', alt: '', width: '16', height: '16' }), 'shm view')];
    if (directory) parts.push(el('span', { class: 'directory', text: directory, title: `directory ${directory}, read only` }));
    if (page !== 'wall') parts.push(el('span', { class: 'slash', 'aria-hidden': 'true', text: '/' }), el('span', { class: 'here', 'aria-current': 'page', text: names.join(' + ') }));
    this.place.replaceChildren(...parts);
  }
}

const app = new App();
installHook(app);
app.start();
