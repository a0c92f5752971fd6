// Small helpers for elements, icons and announcements. No other module touches innerHTML.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. Attributes: `class`, `text`, `on` (event -> handler), `data` (name -> value),
 * everything else is set as an attribute; true means present, false and null mean absent.
 */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === 'text') node.textContent = value;
    else if (name === 'on') for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === 'data') Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Sets the text only where it differs: nothing on the page changes that did not change. */
export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

/** Sets an attribute only where it differs. */
export function attribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

const ICONS = {
  flipX: 'M8 2v12M2 4l4 4-4 4zM14 4l-4 4 4 4z',
  flipY: 'M2 8h12M4 2l4 4 4-4zM4 14l4-4 4 4z',
  rotate: 'M13 8a5 5 0 1 1-1.5-3.6M12 1v4H8',
  transpose: 'M2 2l12 12M5 2h9v9M2 5v9h9',
  invert: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  fit: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  one: 'M4 5l2-1v8M10 5l2-1v8M8 7v.5M8 10v.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  pause: 'M5 3v10M11 3v10',
  play: 'M4 3l9 5-9 5z',
  move: 'M8 2v12M2 8h12M6 4l2-2 2 2M6 12l2 2 2-2M4 6L2 8l2 2M12 6l2 2-2 2',
  region: 'M3 3h10v10H3z',
  line: 'M3 13L13 3',
  pixel: 'M8 1v4M8 11v4M1 8h4M11 8h4M7 7h2v2H7z',
  link: 'M6 10l4-4M7 4l2-2a3 3 0 0 1 4 4l-2 2M9 12l-2 2a3 3 0 0 1-4-4l2-2',
  close: 'M4 4l8 8M12 4l-8 8',
  help: 'M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .7-1 1.7M8 12.5v.5',
  theme: 'M8 2a6 6 0 1 0 6 6 4.5 4.5 0 0 1-6-6z',
  back: 'M10 3L5 8l5 5',
  save: 'M8 2v8M5 7l3 3 3-3M3 13h10',
  copy: 'M6 6h8v8H6zM10 6V2H2v8h4',
  down: 'M4 6l4 4 4-4',
};

/** An icon of 16 px drawn with the colour of the text around it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon; `label` is what a screen reader says and the tip shows. */
export function iconButton(name, label, key, handler) {
  return el('button', {
    class: 'tool', type: 'button', 'aria-label': label, title: key ? `${label} (${key})` : label,
    on: { click: handler },
  }, icon(name));
}

/** A drop-down list. `choices` is a list of [value, label]. */
export function select(label, choices, handler) {
  const node = el('select', { 'aria-label': label, title: label, on: { change: () => handler(node.value) } });
  fill(node, choices);
  return node;
}

/** Replaces the choices of a drop-down list where they differ; keeps the one selected if it is still there. */
export function fill(node, choices) {
  const key = JSON.stringify(choices);
  if (node.dataset.choices === key) return;
  node.dataset.choices = key;
  const before = node.value;
  node.replaceChildren(...choices.map(([value, label]) => el('option', { value, text: label })));
  if (choices.some(([value]) => value === before)) node.value = before;
}

/** A small label above or before controls. */
export function field(label, ...controls) {
  return el('label', { class: 'field' }, el('span', { text: label }), ...controls);
}

/** A list of named values; each name gets a line when it is first set. */
export class Facts {
  constructor() {
    this.root = el('dl', { class: 'facts' });
    this.values = new Map();
  }

  set(name, value) {
    let node = this.values.get(name);
    if (!node) {
      node = el('dd');
      this.values.set(name, node);
      this.root.append(el('dt', { text: name }), node);
    }
    text(node, value);
  }

  remove(name) {
    const node = this.values.get(name);
    node?.previousSibling.remove();
    node?.remove();
    this.values.delete(name);
  }

  clear() {
    this.values.clear();
    this.root.replaceChildren();
  }
}

/** Says something once to a screen reader. */
export function announce(message) {
  text(document.getElementById('announce'), message);
}

const colours = new Map();
document.addEventListener('theme', () => colours.clear());

/** The font of everything that is drawn on a canvas. */
export const FONT = '11px Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/** The value of a colour of the style sheet. */
export function colour(name) {
  let value = colours.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    colours.set(name, value);
  }
  return value;
}

/** A colour of the style sheet, written as #rrggbb, as red, green and blue from 0 to 1. */
export function rgb(name) {
  const hex = parseInt(colour(name).slice(1), 16);
  return [(hex >> 16 & 255) / 255, (hex >> 8 & 255) / 255, (hex & 255) / 255];
}

/** Fits a canvas to its box in device pixels; returns the ratio of device to CSS pixels. */
export function fitCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  return ratio;
}
