// Saving and copying.

import { announce, el } from './dom.js';
import { clip } from './measure.js';

/** Up to so many values are copied as a literal; more as code that fetches the frame. */
const MOST_LITERAL = 4096;

/** Downloads the newest frame: as 'png', 'fits' or 'npy' from the server, or as 'screen': what is drawn. */
export function save(app, pane, as) {
  if (as === 'screen') {
    saveScreen(pane);
    return;
  }
  download(saveAddress(pane, as), '');
  announce(`saving ${pane.name} as ${as}`);
}

function saveAddress(pane, as) {
  const slice = pane.sliceAsked();
  const query = new URLSearchParams({ stream: pane.name, as });
  if (slice !== null) query.set('slice', slice);
  return `/save?${query}`;
}

function download(href, name) {
  const link = el('a', { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** A PNG of the stage: picture, marks and rulers. */
function saveScreen(pane) {
  const { canvas, overlayCanvas, renderer, view, look, ratio } = pane;
  if (!renderer) {
    announce('vectors are saved as .npy or FITS');
    return;
  }
  const copy = el('canvas', { width: canvas.width, height: canvas.height });
  const context = copy.getContext('2d');
  renderer.draw(view, look, ratio);
  context.drawImage(canvas, 0, 0);
  context.drawImage(overlayCanvas, 0, 0);
  copy.toBlob((blob) => {
    const address = URL.createObjectURL(blob);
    download(address, `${pane.name}.png`);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });
}

/** Copies the region, or a small frame, as numpy code; a large one as code that fetches it. */
export async function copySnippet(app, pane) {
  const { picture } = pane;
  if (picture.kind === 'none') return;
  const code = snippet(pane, window.location.origin);
  try {
    await navigator.clipboard.writeText(code);
    announce('copied as numpy');
    pane.dispatchEvent(new CustomEvent('copied', { detail: code }));
    flash(`copied: ${code.split('\n').length} lines of numpy`);
  } catch {
    showCode(code);
  }
}

/** A name in a remark of the code. A line feed in it would end the remark: what follows would be run as code. */
function remarkOf(name) {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

export function snippet(pane, origin) {
  const { picture, marks, name } = pane;
  const variable = /^[A-Za-z_]\w*$/.test(name) ? name : 'frame';
  const { count, acquiredNs } = picture.header;
  const remark = `# ${remarkOf(name)}, count ${count}, acquired ${acquiredNs} ns`;
  const bounds = clip(marks.region, picture);
  const [r0, c0, r1, c1] = bounds;
  const values = (r1 - r0 + 1) * (c1 - c0 + 1) * picture.channels;
  if (values <= MOST_LITERAL) {
    const place = marks.region ? `  # [${r0}:${r1 + 1}, ${c0}:${c1 + 1}]` : '';
    return `import numpy as np\n${remark}\n${variable} = np.array(${literal(picture, bounds)}, dtype=np.${type(picture)})${place}\n`;
  }
  const section = marks.region ? `[${r0}:${r1 + 1}, ${c0}:${c1 + 1}]` : '';
  return `import io\nimport urllib.request\nimport numpy as np\n# the newest frame of ${remarkOf(name)}\n`
    + `${variable} = np.load(io.BytesIO(urllib.request.urlopen("${origin}${saveAddress(pane, 'npy')}").read()))${section}\n`;
}

function type(picture) {
  if (picture.part || picture.dark) return picture.values instanceof Float64Array ? 'float64' : 'float32';
  return picture.dtype === 'bool' ? 'bool_' : picture.dtype;
}

function literal(picture, [r0, c0, r1, c1]) {
  const value = (row, column) => {
    const exact = picture.exact(row, column);
    return Array.isArray(exact) ? `[${exact.map(python).join(', ')}]` : python(exact);
  };
  const rows = [];
  for (let row = r0; row <= r1; row++) {
    const parts = [];
    for (let column = c0; column <= c1; column++) parts.push(value(row, column));
    rows.push(`[${parts.join(', ')}]`);
  }
  return picture.kind === 'vector' ? rows[0] : `[\n    ${rows.join(',\n    ')}]`;
}

function python(value) {
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'np.nan' : value > 0 ? 'np.inf' : '-np.inf';
}

/** Where the clipboard is refused (no TLS, no permission), the code is shown to be copied by hand. */
function showCode(code) {
  const area = el('textarea', { readonly: true, rows: '12', 'aria-label': 'numpy code' });
  area.value = code;
  const dialog = el('dialog', { class: 'dialog', 'aria-label': 'Copy as numpy' },
    el('p', { text: 'The browser does not let this page write to the clipboard. Copy it by hand:' }), area,
    el('form', { method: 'dialog' }, el('button', { class: 'button', text: 'Close' })));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  area.select();
}

function flash(message) {
  const note = el('div', { class: 'flash', text: message });
  document.body.append(note);
  setTimeout(() => note.remove(), 2000);
}
