// The settings of one pane, with their defaults. They are kept in the address; a default is left out of it.

export const DEFAULTS = Object.freeze({
  cmap: '', invert: '0', stretch: 'linear', limits: '1,99%', sat: 'auto',
  flip: '', rot: '0', tr: '0',
  part: 'amp', rgb: '1', slice: '', dark: '', mask: '',
  zoom: '', centre: '', cross: '', line: '', region: '', pins: '',
});

/** Settings of the whole stream view, not of a pane. */
export const SHARED = Object.freeze({
  tab: 'cut', tool: 'move', axes: 'numpy', link: '1', active: '0', stat: 'mean', reverse: '0',
});

export class Settings extends EventTarget {
  /** index: the number of the pane, or null for the settings that all panes share. */
  constructor(address, index) {
    super();
    this.address = address;
    this.suffix = index ? `.${index}` : '';
    this.defaults = index === null ? SHARED : DEFAULTS;
  }

  get(name) {
    return this.address.get(name + this.suffix) ?? this.defaults[name];
  }

  set(name, value) {
    const after = String(value);
    if (this.get(name) === after) return;
    this.address.set(name + this.suffix, after === this.defaults[name] ? null : after);
    this.dispatchEvent(new CustomEvent('change', { detail: name }));
  }

  flag(name) {
    return this.get(name) === '1';
  }

  toggle(name) {
    this.set(name, this.flag(name) ? '0' : '1');
  }

  /** Numbers separated by commas, or null where absent or not numbers. */
  numbers(name, n) {
    const parts = this.get(name).split(',').map(Number);
    return this.get(name) !== '' && parts.length === n && parts.every(Number.isFinite) ? parts : null;
  }

  /** The pixels chosen for the time series: a list of [row, column]. */
  pins() {
    return this.get('pins').split(';').map((pin) => pin.split(',').map(Number))
      .filter((pin) => pin.length === 2 && pin.every(Number.isInteger));
  }
}

/** The limits as an object: {kind: 'percent'|'fixed', low, high} or {kind: 'minmax'|'zscale'}. */
export function parseLimits(value) {
  if (value === 'minmax' || value === 'zscale') return { kind: value };
  const percent = value.endsWith('%');
  const [low, high] = value.replace('%', '').split(',').map(Number);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { kind: 'percent', low: 1, high: 99 };
  return { kind: percent ? 'percent' : 'fixed', low, high };
}
