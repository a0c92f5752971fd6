// The keyboard: one table is both what the keys do and the help.

import { el } from './dom.js';

const on = (action) => (app) => { if (app.page.panes) action(app.page); };

/** [keys, what they do, action, section]; keys as in KeyboardEvent.key. */
const TABLE = [
  ['Everywhere', [
    [['?'], 'this help', (app) => app.keys.help()],
    [['w'], 'wall', (app) => app.address.go('wall', [])],
    [['/'], 'search the wall', (app) => document.getElementById('search')?.focus()],
    [['D'], 'next theme: auto, dark, light', (app) => app.nextTheme()],
  ]],
  ['Picture', [
    [['+', '='], 'zoom in', on((page) => page.zoom(Math.SQRT2))],
    [['-', '−'], 'zoom out', on((page) => page.zoom(Math.SQRT1_2))],
    [['0'], 'fit', on((page) => page.fit())],
    [['1'], 'one pixel to one pixel of the screen', on((page) => page.actual())],
    [['x'], 'flip left and right', on((page) => page.flip('x'))],
    [['y'], 'flip up and down', on((page) => page.flip('y'))],
    [['r'], 'rotate by a quarter turn', on((page) => page.rotate())],
    [['t'], 'transpose', on((page) => page.pane.settings.toggle('tr'))],
    [['n'], 'axes: numpy or FITS', on((page) => page.shared.set('axes', page.shared.get('axes') === 'fits' ? 'numpy' : 'fits'))],
  ]],
  ['Colours', [
    [['m'], 'next colour map', on((page) => page.nextMap())],
    [['i'], 'invert', on((page) => page.pane.settings.toggle('invert'))],
    [['s'], 'next stretch', on((page) => page.nextStretch())],
    [['a'], 'next automatic limits', on((page) => page.nextLimits())],
  ]],
  ['Pixels', [
    [['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], 'move the cross-hair; with Shift by 10', null],
    [['v'], 'pointer: pan and cross-hair', on((page) => page.shared.set('tool', 'move'))],
    [['g'], 'pointer: region', on((page) => page.shared.set('tool', 'region'))],
    [['k'], 'pointer: line', on((page) => page.shared.set('tool', 'line'))],
    [['p'], 'add the pixel to the time series, or remove it', on((page) => page.pin())],
    [['Escape'], 'remove all marks', on((page) => page.clear())],
    [['c'], 'copy as numpy', on((page) => page.toolbar.copy.click())],
  ]],
  ['Frames', [
    [[' '], 'pause, go on', on((page) => page.pause())],
    [['['], 'slice before', on((page) => page.slice(-1))],
    [[']'], 'slice after', on((page) => page.slice(1))],
    [[','], 'older frame of the history', on((page) => page.tabs.history.step(-1))],
    [['.'], 'newer frame of the history', on((page) => page.tabs.history.step(1))],
    [['l'], 'link the zoom of all panes', on((page) => page.shared.toggle('link'))],
    [['o'], 'next pane', on((page) => page.activate((page.activeIndex + 1) % page.panes.length))],
  ]],
];

const NAMES = { ' ': 'Space', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' };
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Keys {
  constructor(app) {
    this.app = app;
    this.actions = new Map();
    for (const [, rows] of TABLE) {
      for (const [keys, , action] of rows) if (action) for (const key of keys) this.actions.set(key, action);
    }
    document.addEventListener('keydown', (event) => this.#press(event));
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    if (target.closest?.('dialog')) return;
    if (target.matches?.('input, select, textarea')) {
      if (event.key === 'Escape') target.blur();
      return;
    }
    // Space and Enter belong to the button or tab that has the focus.
    if (event.key === ' ' && target.matches?.('button, a, [role=slider]')) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      if (!this.app.page.panes || target.matches?.('[role=tab], [role=slider]')) return;
      event.preventDefault();
      const step = event.shiftKey ? 10 : 1;
      this.app.page.moveCross(arrow[0] * step, arrow[1] * step);
      return;
    }
    const action = this.actions.get(event.key);
    if (!action) return;
    event.preventDefault();
    action(this.app);
  }

  help() {
    const sections = TABLE.map(([title, rows]) => el('section', {},
      el('h3', { text: title }),
      el('dl', {}, ...rows.flatMap(([keys, label]) => [
        el('dt', {}, ...(keys[0].startsWith('Arrow') ? keys : keys.slice(0, 1)).map((key) => el('kbd', { text: NAMES[key] ?? (key === 'D' ? 'Shift D' : key.toUpperCase()) }))),
        el('dd', { text: label }),
      ]))));
    const pointer = el('section', {}, el('h3', { text: 'Pointer' }), el('dl', {}, ...[
      ['Wheel', 'zoom'], ['Drag', 'pan, or draw with the tool chosen'], ['Double click', 'fit'],
      ['Drag the colour bar', 'shift the limits'], ['Double click on it', 'automatic limits'],
    ].flatMap(([what, does]) => [el('dt', {}, el('kbd', { text: what })), el('dd', { text: does })])));
    const dialog = el('dialog', { class: 'dialog help', 'aria-label': 'Keyboard help' },
      el('h2', { text: 'Keys' }), el('div', { class: 'help-columns' }, ...sections, pointer),
      el('form', { method: 'dialog' }, el('button', { class: 'button', text: 'Close' })));
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}
