// The history of a stream that keeps several frames: each of its slots can be shown.

import { el, text } from './dom.js';
import { count, duration } from './format.js';

export class HistoryTab {
  constructor(app, page) {
    this.app = app;
    this.page = page;
    this.slots = [];
    this.chosen = null;
    /** The open request, or null. */
    this.asking = null;
    this.slider = el('input', { type: 'range', min: '0', step: '1', 'aria-label': 'frame of the history', on: { input: () => this.#go(Number(this.slider.value)) } });
    this.older = el('button', { class: 'button', type: 'button', text: 'Older', title: 'older frame (,)', on: { click: () => this.step(-1) } });
    this.newer = el('button', { class: 'button', type: 'button', text: 'Newer', title: 'newer frame (.)', on: { click: () => this.step(1) } });
    this.live = el('button', { class: 'button', type: 'button', text: 'Live', on: { click: () => this.#goLive() } });
    this.line = el('p', { class: 'hint', role: 'status' });
    this.controls = el('div', { class: 'history-line' }, this.older, this.slider, this.newer, this.live);
    this.body = el('tbody');
    this.table = el('table', { class: 'table' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: 'slot' }), el('th', { scope: 'col', class: 'num', text: 'count' }), el('th', { scope: 'col', class: 'num', text: 'acquired before the newest' }))), this.body);
    this.root = el('div', { class: 'history' }, this.controls, this.line, el('div', { class: 'history-table' }, this.table));
  }

  /** Asks for the slots, unless a request is open. What it returns is settled when the answer has come. */
  poll(pane) {
    this.asking ??= this.#ask(pane).finally(() => { this.asking = null; });
    return this.asking;
  }

  async #ask(pane) {
    if (this.app.connection.state !== 'open' || !pane.known) return;
    if (this.pane !== pane) {
      this.pane = pane;
      this.chosen = null;
    }
    // While the user looks at an old frame, the list stands still.
    if (pane.paused && this.slots.length && this.chosen !== null) return;
    try {
      const { slots } = await this.app.connection.request({ op: 'history', stream: pane.name });
      this.slots = slots;
      this.#show();
    } catch (error) {
      this.slots = [];
      text(this.line, error.message);
    }
  }

  refresh() {}

  #show() {
    const n = this.slots.length;
    this.controls.hidden = this.table.hidden = n < 2;
    if (n < 2) {
      text(this.line, 'This stream keeps its newest frame only.');
      return;
    }
    this.slider.max = String(n - 1);
    if (this.chosen === null) this.slider.value = String(n - 1);
    const newest = BigInt(this.slots[n - 1].acquiredNs ?? 0);
    while (this.body.children.length > n) this.body.lastChild.remove();
    this.slots.forEach((slot, i) => {
      let row = this.body.children[i];
      if (!row) {
        row = el('tr', {}, el('td'), el('td', { class: 'num' }), el('td', { class: 'num' }));
        row.addEventListener('click', () => this.#go(i));
        this.body.append(row);
      }
      text(row.children[0], String(slot.slot));
      text(row.children[1], count(slot.count));
      text(row.children[2], slot.acquiredNs && slot.acquiredNs !== '0' ? duration(Number(newest - BigInt(slot.acquiredNs))) : '–');
      row.classList.toggle('is-chosen', i === this.chosen);
    });
    text(this.line, this.chosen === null ? `${n} frames are kept. Move the slider to look at one of them.` : '');
  }

  /** Goes to an older (-1) or newer (+1) frame. */
  async step(by) {
    const { pane } = this.page;
    await this.asking; // it may be of another pane
    if (this.pane !== pane || !this.slots.length) await this.poll(pane);
    const at = this.chosen ?? this.slots.length - 1;
    if (this.slots.length > 1) await this.#go(Math.min(Math.max(at + by, 0), this.slots.length - 1));
  }

  async #go(index) {
    const { pane } = this.page;
    if (!pane.paused) pane.setPaused(true);
    this.chosen = index;
    this.slider.value = String(index);
    const slot = this.slots[index];
    if (!slot || this.going) return;
    this.going = true;
    try {
      const answer = await this.app.connection.request({ op: 'past', stream: pane.name, slot: slot.slot });
      if (answer.none) text(this.line, `slot ${slot.slot}: ${answer.why}`);
      else {
        pane.showPast(answer);
        this.#show();
        const overwritten = answer.header.count !== slot.count;
        text(this.line, `slot ${slot.slot}, count ${count(answer.header.count)}${overwritten ? ' (overwritten since)' : ''}`);
      }
    } catch (error) {
      text(this.line, error.message);
    } finally {
      this.going = false;
    }
    if (this.chosen !== index && this.chosen !== null) this.#go(this.chosen);
  }

  #goLive() {
    this.chosen = null;
    this.page.pane.setPaused(false);
    this.#show();
  }
}
