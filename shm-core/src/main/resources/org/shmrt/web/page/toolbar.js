// The tools of the stream view. They act on the active pane.

import { attribute, el, field, fill, icon, iconButton, select, text } from './dom.js';
import { copySnippet, save } from './export.js';
import { isColour, isComplex, sliceCount } from './picture.js';
import { STRETCHES } from './stretch.js';

const TOOLS = [
  ['move', 'move', 'drag to pan, click for the cross-hair', 'V'],
  ['region', 'region', 'drag a region', 'G'],
  ['line', 'line', 'drag a line for a cut', 'K'],
  ['pixel', 'pixel', 'click pixels for the time series', 'P'],
];

const LIMITS = [
  ['1,99%', '1–99 %'], ['0.1,99.9%', '0.1–99.9 %'], ['5,95%', '5–95 %'], ['minmax', 'min–max'], ['zscale', 'zscale'], ['fixed', 'fixed'],
];

const PARTS = [['amp', 'amplitude'], ['phase', 'phase'], ['re', 'real'], ['im', 'imaginary']];

const SAVES = [['', 'Save…'], ['npy', 'numpy .npy'], ['fits', 'FITS'], ['png', 'PNG, pixels'], ['screen', 'PNG, as drawn']];

export class Toolbar {
  constructor(app, page) {
    this.app = app;
    this.page = page;
    const set = (name) => (value) => page.pane.settings.set(name, value);
    this.tools = TOOLS.map(([tool, name, label, key]) => iconButton(name, label, key, () => page.shared.set('tool', tool)));
    this.flipX = iconButton('flipX', 'flip left and right', 'X', () => page.flip('x'));
    this.flipY = iconButton('flipY', 'flip up and down', 'Y', () => page.flip('y'));
    this.rotate = iconButton('rotate', 'rotate by a quarter turn', 'R', () => page.rotate());
    this.transpose = iconButton('transpose', 'transpose', 'T', () => page.pane.settings.toggle('tr'));
    this.invert = iconButton('invert', 'invert the colours', 'I', () => page.pane.settings.toggle('invert'));
    this.cmap = select('colour map', [], set('cmap'));
    this.stretch = select('stretch', STRETCHES.map((name) => [name, name]), set('stretch'));
    this.limits = select('limits', LIMITS, (value) => {
      const { low, high } = page.pane.look;
      page.pane.settings.set('limits', value === 'fixed' ? `${low},${high}` : value);
    });
    this.saturation = el('input', {
      type: 'text', class: 'short', 'aria-label': 'saturation level', placeholder: 'auto',
      title: 'mark values from this level on: a number, auto (the greatest value of the type), or off',
      on: { change: () => this.#saturation() },
    });
    this.part = select('part of complex values', PARTS, set('part'));
    this.rgb = el('input', { type: 'checkbox', on: { change: () => page.pane.settings.toggle('rgb') } });
    this.slice = el('input', { type: 'range', min: '0', step: '1', 'aria-label': 'slice', on: { input: () => page.pane.settings.set('slice', this.slice.value) } });
    this.sliceText = el('span', { class: 'value' });
    this.dark = select('dark: subtract this stream', [], set('dark'));
    this.mask = select('mask: mark where this stream is not 0', [], set('mask'));
    this.axes = select('axes', [['numpy', 'numpy axes'], ['fits', 'FITS axes']], (value) => page.shared.set('axes', value));
    this.pause = iconButton('pause', 'pause', 'space', () => page.pause());
    this.link = iconButton('link', 'link zoom of all panes', 'L', () => page.shared.toggle('link'));
    this.other = select('show another stream beside', [], (name) => { if (name) page.add(name); });
    this.saves = select('save the newest frame', SAVES, (as) => {
      if (as) save(app, page.pane, as);
      this.saves.value = '';
    });
    this.copy = iconButton('copy', 'copy as numpy', 'C', () => copySnippet(app, page.pane));
    this.#layout();
  }

  #layout() {
    const { page } = this;
    const group = (label, ...nodes) => el('div', { class: 'tools', role: 'group', 'aria-label': label }, ...nodes);
    this.partField = field('part', this.part);
    this.rgbField = field('RGB', this.rgb);
    this.sliceField = field('slice', this.slice, this.sliceText);
    this.linkGroup = group('Side by side', this.link);
    this.root = el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Tools' },
      group('Pointer', ...this.tools),
      group('Zoom',
        iconButton('minus', 'zoom out', '−', () => page.zoom(1 / Math.SQRT2)),
        iconButton('plus', 'zoom in', '+', () => page.zoom(Math.SQRT2)),
        iconButton('fit', 'fit', '0', () => page.fit()),
        iconButton('one', 'one pixel to one pixel', '1', () => page.actual())),
      group('Orientation', this.flipX, this.flipY, this.rotate, this.transpose),
      group('Colours', this.invert, this.cmap, this.stretch, this.limits, field('sat.', this.saturation)),
      group('Content', this.partField, this.rgbField, this.sliceField),
      group('Other streams', field('dark', this.dark), field('mask', this.mask)),
      group('Axes', this.axes),
      el('span', { class: 'grow' }),
      this.linkGroup,
      group('Frame', this.pause, this.copy, this.saves, this.other));
  }

  #saturation() {
    const value = this.saturation.value.trim().toLowerCase();
    const valid = value === 'off' || value !== '' && Number.isFinite(Number(value));
    this.page.pane.settings.set('sat', valid ? value : 'auto');
    this.update();
  }

  /** Shows the settings of the active pane. Values are written only where they differ. */
  update() {
    const { page, app } = this;
    const { pane, shared } = page;
    const { settings } = pane;
    const press = (node, pressed) => attribute(node, 'aria-pressed', String(pressed));
    this.tools.forEach((node, i) => press(node, shared.get('tool') === TOOLS[i][0]));
    press(this.flipX, settings.get('flip').includes('x'));
    press(this.flipY, settings.get('flip').includes('y'));
    press(this.rotate, settings.get('rot') !== '0');
    press(this.transpose, settings.flag('tr'));
    press(this.invert, settings.flag('invert'));
    fill(this.cmap, [...app.maps.keys()].map((name) => [name, name]));
    show(this.cmap, pane.mapName);
    show(this.stretch, settings.get('stretch'));
    show(this.limits, LIMITS.some(([value]) => value === settings.get('limits')) ? settings.get('limits') : 'fixed');
    if (document.activeElement !== this.saturation) this.saturation.value = settings.get('sat') === 'auto' ? '' : settings.get('sat');
    show(this.part, settings.get('part'));
    this.rgb.checked = settings.flag('rgb');
    this.#streamTools(pane);
    this.#streams(pane);
    show(this.axes, shared.get('axes'));
    press(this.pause, pane.paused);
    if (this.pausedShown !== pane.paused) {
      this.pausedShown = pane.paused;
      this.pause.replaceChildren(icon(pane.paused ? 'play' : 'pause'));
      this.pause.setAttribute('aria-label', pane.paused ? 'go on' : 'pause');
    }
    press(this.link, shared.flag('link'));
    this.linkGroup.hidden = page.panes.length < 2;
  }

  /** Tools that only some streams have. */
  #streamTools(pane) {
    const { known } = pane;
    const vector = pane.picture.kind === 'vector';
    for (const node of this.root.querySelectorAll('[aria-label="Zoom"], [aria-label="Orientation"], [aria-label="Colours"], [aria-label="Pointer"]')) node.hidden = vector;
    this.partField.hidden = !known || !isComplex(known.dtype);
    this.rgbField.hidden = !known || !isColour(known.shape, known.dtype);
    const slice = pane.sliceAsked();
    this.sliceField.hidden = slice === null;
    this.partField.parentElement.hidden = this.partField.hidden && this.rgbField.hidden && this.sliceField.hidden;
    if (slice === null) return;
    const last = sliceCount(known.shape) - 1;
    attribute(this.slice, 'max', String(last));
    show(this.slice, String(slice));
    text(this.sliceText, `${slice} / ${last}`);
  }

  #streams(pane) {
    const others = [...this.app.streams.values()].filter(({ name }) => name !== pane.name);
    const row = pane.listed;
    const alike = row ? others.filter(({ shape, dtype }) => shape.join() === row.shape.join() && !isComplex(dtype)) : [];
    for (const kind of ['dark', 'mask']) {
      const chosen = pane.settings.get(kind);
      const names = alike.map(({ name }) => name);
      if (chosen && !names.includes(chosen)) names.push(chosen);
      fill(this[kind], [['', 'none'], ...names.map((name) => [name, name])]);
      show(this[kind], chosen);
      this[kind].parentElement.hidden = names.length === 0;
    }
    this.dark.closest('.tools').hidden = this.dark.parentElement.hidden;
    const shown = new Set(this.page.panes.map(({ name }) => name));
    fill(this.other, [['', 'Add…'], ...others.filter(({ name }) => !shown.has(name)).map(({ name }) => [name, name])]);
    show(this.other, '');
  }
}

function show(node, value) {
  const isTyped = document.activeElement === node && node.tagName !== 'SELECT';
  if (node.value !== value && !isTyped) node.value = value;
}
