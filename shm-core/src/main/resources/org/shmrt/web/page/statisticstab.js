// Statistics of the whole frame and of the region, and of the times of frames.

import { el, Facts, text } from './dom.js';
import { count, duration, number, percent, timeOfDay } from './format.js';
import { clip } from './measure.js';

const ROWS = [
  ['minimum', (s) => number(s.min), 'min'], ['maximum', (s) => number(s.max), 'max'], ['mean', (s) => number(s.mean)],
  ['standard deviation', (s) => number(s.std)], ['median', (s) => number(s.median)], ['sum', (s) => number(s.sum)],
  ['pixels', (s) => count(s.pixels)], ['NaN', (s) => count(s.nan)], ['infinite', (s) => count(s.inf)],
  ['saturated', (s) => `${count(s.saturated)}${s.saturated ? ` (${percent(s.saturated / s.pixels)})` : ''}`],
];

export class StatisticsTab {
  constructor(page) {
    this.page = page;
    this.rows = ROWS.map(([label]) => {
      const whole = el('td', { class: 'num' });
      const region = el('td', { class: 'num' });
      return { whole, region, root: el('tr', {}, el('th', { scope: 'row', text: label }), whole, region) };
    });
    this.regionName = el('th', { scope: 'col', class: 'num', text: 'region' });
    this.facts = new Facts();
    this.root = el('div', { class: 'statistics' },
      el('table', { class: 'table' },
        el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: 'quantity' }), el('th', { scope: 'col', class: 'num', text: 'whole frame' }), this.regionName)),
        el('tbody', {}, ...this.rows.map(({ root }) => root))),
      this.facts.root);
  }

  refresh(pane) {
    const { whole, part, marks, picture } = pane;
    ROWS.forEach(([, value, extreme], i) => {
      const at = (s) => (extreme ? `${pane.app.pixelName(Math.floor(s[`${extreme}At`] / picture.columns), s[`${extreme}At`] % picture.columns, pane.shared)}   ` : '');
      text(this.rows[i].whole, at(whole) + value(whole));
      text(this.rows[i].region, marks.region ? at(part) + value(part) : '–');
    });
    this.#nameRegion(pane);
    const { header } = picture;
    this.facts.set('frame', `#${count(header.count)}`);
    this.facts.set('frame number of the source', header.frameId === undefined || header.frameId === null ? '–' : count(header.frameId));
    this.facts.set('acquired', timeOfDay(header.acquiredNs ?? 0));
    this.facts.set('age when drawn', duration(pane.meter.age ?? null));
    this.facts.set('received', `${count(pane.feed.frames)} frames`);
    for (const other of this.page.panes) {
      if (other === pane) this.facts.remove(`after ${other.name}`);
      else this.facts.set(`after ${other.name}`, delay(pane, other));
    }
    if (picture.remark) this.facts.set('remark', picture.remark);
    else this.facts.remove('remark');
  }

  #nameRegion(pane) {
    const { marks, picture } = pane;
    if (!marks.region) {
      text(this.regionName, 'region (drag one with the region tool)');
      return;
    }
    const [r0, c0, r1, c1] = clip(marks.region, picture);
    text(this.regionName, pane.shared.get('axes') === 'fits' ? `region [${c0 + 1}:${c1 + 1}, ${r0 + 1}:${r1 + 1}]` : `region [${r0}:${r1 + 1}, ${c0}:${c1 + 1}]`);
  }
}

/** How much later the shown frame of one stream was acquired than that of another. */
function delay(pane, other) {
  const a = pane.picture.header?.acquiredNs;
  const b = other.picture.header?.acquiredNs;
  if (!a || !b || a === '0' || b === '0') return '–';
  return duration(Number(BigInt(a) - BigInt(b)));
}
