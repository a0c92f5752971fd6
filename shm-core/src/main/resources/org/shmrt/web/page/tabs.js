// The tabs below the picture: cut, time series, statistics, radial profile, history, header and keywords.

import { attribute, el, field, select, text } from './dom.js';
import { HistoryTab } from './history.js';
import { HeaderTab } from './info.js';
import { axisCut, lineCut, Points, radialProfile } from './measure.js';
import { Plot } from './plots.js';
import { StatisticsTab } from './statisticstab.js';

const REFRESH_MS = 66;
const MOST_RADIUS = 512;

/** Cuts along the row and the column of the cross-hair, and along a line. */
class CutTab {
  constructor(page) {
    this.page = page;
    this.row = new Plot({ label: 'row', x: 'column', y: '', series: ['value'], kind: 'step' });
    this.column = new Plot({ label: 'column', x: 'row', y: '', series: ['value'], kind: 'step' });
    this.line = new Plot({ label: 'line', x: 'distance [pixels]', y: '', series: ['value'], kind: 'step' });
    this.points = [new Points(), new Points(), new Points()];
    this.hint = el('p', { class: 'hint', text: 'Click the picture to place the cross-hair: its row and column are drawn here. With the line tool, drag a line.' });
    this.root = el('div', { class: 'plots' }, this.hint, this.row.root, this.column.root, this.line.root);
  }

  refresh(pane) {
    const { picture, marks } = pane;
    const cross = marks.cross && picture.kind !== 'vector' && picture.contains(...marks.cross) ? marks.cross : null;
    const line = picture.kind === 'vector' ? null : marks.line;
    this.hint.hidden = Boolean(cross || line);
    this.row.root.hidden = this.column.root.hidden = !cross;
    this.line.root.hidden = !line;
    if (cross) {
      const [row, column] = cross;
      const first = this.page.shared.get('axes') === 'fits' ? 1 : 0;
      const names = first ? ['y', 'x'] : ['row', 'column'];
      this.row.name({ label: `${names[0]} ${row + first}`, x: names[1] });
      this.column.name({ label: `${names[1]} ${column + first}`, x: names[0] });
      axisCut(picture, row, column, 1, this.points[0]);
      axisCut(picture, row, column, 0, this.points[1]);
      this.row.set(this.points[0].data);
      this.column.set(this.points[1].data);
    }
    if (line) {
      this.line.name({ label: `line from ${pane.app.pixelName(line[0], line[1], pane.shared)} to ${pane.app.pixelName(line[2], line[3], pane.shared)}` });
      lineCut(picture, line, this.points[2]);
      this.line.set(this.points[2].data);
    }
  }

  close() {
    for (const plot of [this.row, this.column, this.line]) plot.close();
  }
}

class TimeTab {
  constructor(page) {
    this.plot = new Plot({ label: 'time series', x: 'seconds before the newest frame', y: '', series: ['value'], kind: 'line' });
    this.hint = el('p', { class: 'hint', text: 'Choose pixels with the pixel tool, or press P above one.' });
    this.stat = select('statistic of the whole frame', [
      ['none', 'no statistic'], ...['mean', 'std', 'min', 'max', 'median', 'sum'].map((name) => [name, name]),
    ], (value) => page.shared.set('stat', value));
    this.shared = page.shared;
    this.root = el('div', { class: 'plots' },
      el('div', { class: 'side' }, field('frame', this.stat), this.hint), this.plot.root);
  }

  refresh(pane) {
    if (this.stat.value !== this.shared.get('stat')) this.stat.value = this.shared.get('stat');
    this.hint.hidden = pane.marks.pins.length > 0;
    const { series } = pane;
    this.plot.root.hidden = series.labels.length === 0;
    if (series.labels.length === 0) return;
    this.plot.name({ series: [...series.labels] });
    this.plot.set(series.data());
  }

  close() {
    this.plot.close();
  }
}

class RadialTab {
  constructor() {
    this.plot = new Plot({ label: 'radial profile', x: 'radius [pixels]', y: '', series: ['mean of the ring'], kind: 'line' });
    this.points = new Points();
    this.hint = el('p', { class: 'hint', text: 'The profile is around the cross-hair; without one it is around the greatest value.' });
    this.root = el('div', { class: 'plots' }, this.plot.root, this.hint);
  }

  refresh(pane) {
    const { picture, marks, whole } = pane;
    this.hint.hidden = Boolean(marks.cross);
    this.plot.root.hidden = picture.kind === 'vector';
    if (picture.kind === 'vector') return;
    const greatest = [Math.floor(whole.maxAt / picture.columns), whole.maxAt % picture.columns];
    const [row, column] = marks.cross && picture.contains(...marks.cross) ? marks.cross : greatest;
    const radius = Math.min(MOST_RADIUS, Math.ceil(Math.max(picture.rows, picture.columns) / 2));
    this.plot.name({ label: `radial profile around ${pane.app.pixelName(row, column, pane.shared)}` });
    radialProfile(picture, row, column, radius, this.points);
    this.plot.set(this.points.data);
  }

  close() {
    this.plot.close();
  }
}

const NAMES = [['cut', 'Cut'], ['time', 'Time series'], ['stats', 'Statistics'], ['radial', 'Radial profile'], ['history', 'History'], ['header', 'Header, keywords']];

export class Tabs {
  constructor(app, page) {
    this.app = app;
    this.page = page;
    this.history = new HistoryTab(app, page);
    this.tabs = {
      cut: new CutTab(page), time: new TimeTab(page), stats: new StatisticsTab(page), radial: new RadialTab(),
      history: this.history, header: new HeaderTab(app, page),
    };
    this.buttons = NAMES.map(([name, label]) => el('button', {
      role: 'tab', type: 'button', id: `tab-${name}`, 'aria-controls': 'tab-panel', text: label,
      on: { click: () => page.shared.set('tab', name), keydown: (event) => this.#key(event) },
    }));
    this.panel = el('div', { class: 'tab-panel', role: 'tabpanel', id: 'tab-panel' });
    this.fold = el('button', { class: 'tool', type: 'button', 'aria-label': 'fold the tabs', title: 'fold the tabs', 'aria-expanded': 'true', text: '▾', on: { click: () => this.#fold() } });
    this.grip = el('div', { class: 'grip', 'aria-hidden': 'true', on: { pointerdown: (event) => this.#resize(event) } });
    this.root = el('section', { class: 'tabs', 'aria-label': 'Measurements' },
      this.grip, el('div', { class: 'tab-line' }, el('div', { class: 'tab-list', role: 'tablist', 'aria-label': 'Measurements' }, ...this.buttons), el('span', { class: 'grow' }), this.fold),
      this.panel);
    this.next = 0;
  }

  get tab() {
    const name = this.page.shared.get('tab');
    return Object.hasOwn(this.tabs, name) ? name : 'cut';
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = NAMES.findIndex(([name]) => name === this.tab);
    const next = (at + step + NAMES.length) % NAMES.length;
    this.page.shared.set('tab', NAMES[next][0]);
    this.buttons[next].focus();
  }

  #fold() {
    const folded = this.root.classList.toggle('is-folded');
    attribute(this.fold, 'aria-expanded', String(!folded));
    text(this.fold, folded ? '▴' : '▾');
  }

  /** Drags the height of the tabs. */
  #resize(event) {
    event.preventDefault();
    const bottom = this.root.getBoundingClientRect().bottom;
    this.grip.setPointerCapture(event.pointerId);
    const move = (e) => { this.root.style.height = `${Math.max(120, Math.min(bottom - e.clientY, window.innerHeight - 240))}px`; };
    this.grip.addEventListener('pointermove', move);
    this.grip.addEventListener('pointerup', () => this.grip.removeEventListener('pointermove', move), { once: true });
  }

  /** Shows the tab that the settings name, for the active pane. */
  show() {
    const { tab } = this;
    this.buttons.forEach((button, i) => {
      const selected = NAMES[i][0] === tab;
      attribute(button, 'aria-selected', String(selected));
      attribute(button, 'tabindex', selected ? '0' : '-1');
    });
    attribute(this.panel, 'aria-labelledby', `tab-${tab}`);
    const { root } = this.tabs[tab];
    if (this.panel.firstChild !== root) this.panel.replaceChildren(root);
    this.stale = true;
    this.poll();
  }

  measured() {
    this.stale = true;
  }

  /** Asks the server for what the tab shows, at the pace of the list of streams. */
  poll() {
    this.tabs[this.tab].poll?.(this.page.pane);
  }

  tick(nowMs) {
    if (!this.stale || nowMs < this.next || this.root.classList.contains('is-folded')) return;
    this.stale = false;
    this.next = nowMs + REFRESH_MS;
    const { pane } = this.page;
    if (pane.picture.kind !== 'none') this.tabs[this.tab].refresh(pane);
  }

  close() {
    for (const tab of Object.values(this.tabs)) tab.close?.();
  }
}
