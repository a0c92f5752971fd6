// What is drawn above the picture: rulers, cross-hair, region, line, chosen pixels, values of single pixels.

import { colour, fitCanvas, FONT } from './dom.js';
import { brief, tickLabel, tickStep } from './format.js';
import { mapIndex } from './stretch.js';
import { clip } from './measure.js';

const SMALL = '10px ui-monospace, monospace';
/** From this size of a pixel on, its value is written into it. */
export const VALUE_SCALE = 34;
const MOST_VALUES = 3000;
const TOP_BAND = 20;
const LEFT_BAND = 40;
const PIN_COLOURS = ['series-1', 'series-2', 'series-3', 'series-4'];

export class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
  }

  /** marks: {cross, line, region, pins, hover, draft}: pixels as [row, column], regions as [r0, c0, r1, c1], or null. */
  draw(view, picture, look, marks, axes) {
    const { context } = this;
    const ratio = fitCanvas(this.canvas, view.stageWidth, view.stageHeight);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, view.stageWidth, view.stageHeight);
    if (picture.kind === 'none' || picture.kind === 'vector') return;
    if (view.scale >= VALUE_SCALE) this.#values(view, picture, look);
    if (marks.region) this.#region(view, picture, marks.region, colour('mark'));
    if (marks.line) this.#line(view, marks.line);
    if (marks.draft) this.#draft(view, picture, marks.draft);
    if (marks.cross) this.#cross(view, marks.cross);
    marks.pins.forEach((pin, i) => this.#pin(view, pin, i));
    this.#rulers(view, picture, axes);
  }

  #values(view, picture, look) {
    const { context } = this;
    const x0 = Math.max(0, Math.floor(view.pictureX(0)));
    const x1 = Math.min(view.width - 1, Math.floor(view.pictureX(view.stageWidth)));
    const y0 = Math.max(0, Math.floor(view.pictureY(0)));
    const y1 = Math.min(view.height - 1, Math.floor(view.pictureY(view.stageHeight)));
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > MOST_VALUES) return;
    context.font = SMALL;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const room = view.scale - 2;
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const sx = view.stageX(x + 0.5);
        const sy = view.stageY(y + 0.5);
        const [row, column] = view.source(sx, sy);
        const value = picture.exact(row, column);
        context.fillStyle = contrast(value, picture, look);
        const figures = room > 100 ? 6 : room > 56 ? 4 : 3;
        if (picture.channels > 1) value.forEach((part, i) => context.fillText(brief(part, figures), sx, sy + (i - 1) * 11, room));
        else context.fillText(brief(value, figures), sx, sy, room);
      }
    }
  }

  #outlined(draw) {
    const { context } = this;
    context.lineWidth = 3;
    context.strokeStyle = 'rgb(0 0 0 / 0.55)';
    draw();
    context.stroke();
    context.lineWidth = 1;
    context.strokeStyle = this.stroke;
    draw();
    context.stroke();
  }

  #box(view, picture, region) {
    const [r0, c0, r1, c1] = clip(region, picture);
    const [xa, ya] = view.place(r0, c0);
    const [xb, yb] = view.place(r1, c1);
    const half = view.scale / 2;
    return [Math.min(xa, xb) - half, Math.min(ya, yb) - half, Math.abs(xa - xb) + 2 * half, Math.abs(ya - yb) + 2 * half];
  }

  #region(view, picture, region, stroke) {
    this.stroke = stroke;
    const box = this.#box(view, picture, region);
    this.#outlined(() => {
      this.context.beginPath();
      this.context.rect(...box);
    });
  }

  #line(view, [r0, c0, r1, c1]) {
    const { context } = this;
    this.stroke = colour('mark');
    const from = view.place(r0, c0);
    const to = view.place(r1, c1);
    this.#outlined(() => {
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      for (const [x, y] of [from, to]) {
        context.moveTo(x + 3, y);
        context.arc(x, y, 3, 0, 7);
      }
    });
  }

  #draft(view, picture, draft) {
    if (draft.kind === 'line') this.#line(view, draft.at);
    else this.#region(view, picture, draft.at, colour('mark'));
  }

  #cross(view, [row, column]) {
    const { context } = this;
    const [x, y] = view.place(row, column);
    const gap = Math.max(4, view.scale / 2 + 2);
    const left = Math.max(0, view.stageX(0));
    const right = Math.min(view.stageWidth, view.stageX(view.width));
    const top = Math.max(0, view.stageY(0));
    const bottom = Math.min(view.stageHeight, view.stageY(view.height));
    this.stroke = colour('cross');
    if (view.scale >= VALUE_SCALE) {
      // Lines would cross the values: the pixel is framed instead.
      const half = view.scale / 2;
      this.#outlined(() => {
        context.beginPath();
        context.rect(x - half, y - half, 2 * half, 2 * half);
      });
      return;
    }
    this.#outlined(() => {
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(x - gap, y);
      context.moveTo(x + gap, y);
      context.lineTo(right, y);
      context.moveTo(x, top);
      context.lineTo(x, y - gap);
      context.moveTo(x, y + gap);
      context.lineTo(x, bottom);
    });
  }

  #pin(view, [row, column], i) {
    const { context } = this;
    const [x, y] = view.place(row, column);
    const half = Math.max(3, view.scale / 2);
    this.stroke = colour(PIN_COLOURS[i % PIN_COLOURS.length]);
    this.#outlined(() => {
      context.beginPath();
      context.rect(x - half, y - half, 2 * half, 2 * half);
    });
  }

  /** Rulers lie at the edges of the picture, or of the stage where the picture goes beyond it. */
  #rulers(view, picture, axes) {
    const { context } = this;
    const fits = axes === 'fits';
    const left = Math.max(view.stageX(0), LEFT_BAND);
    const top = fits ? Math.min(view.stageY(view.height), view.stageHeight - TOP_BAND)
      : Math.max(view.stageY(0), TOP_BAND);
    context.font = FONT;
    context.fillStyle = colour('stage');
    if (view.stageX(0) < LEFT_BAND) context.fillRect(0, 0, LEFT_BAND, view.stageHeight);
    if (fits && view.stageY(view.height) > top) context.fillRect(0, top, view.stageWidth, TOP_BAND);
    if (!fits && view.stageY(0) < TOP_BAND) context.fillRect(0, 0, view.stageWidth, TOP_BAND);
    context.fillStyle = colour('dim');
    const step = Math.max(1, tickStep(72 / view.scale, 1));
    this.#ticks(view, picture, step, fits, (q) => {
      const x = view.stageX(q + 0.5);
      return x < left || x > view.stageWidth ? null : x;
    }, true, (x, label) => {
      context.fillRect(Math.round(x), fits ? top + 1 : top - 4, 1, 3);
      context.textAlign = 'center';
      context.textBaseline = fits ? 'top' : 'bottom';
      context.fillText(label, x, fits ? top + 6 : top - 5);
    });
    this.#ticks(view, picture, step, fits, (q) => {
      const y = view.stageY(q + 0.5);
      const within = fits ? y <= top && y >= 0 : y >= top && y <= view.stageHeight;
      return within ? y : null;
    }, false, (y, label) => {
      context.fillRect(left - 4, Math.round(y), 3, 1);
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      context.fillText(label, left - 6, y);
    });
  }

  #ticks(view, picture, step, fits, place, horizontal, tick) {
    const [a, b, c, d] = view.matrix;
    const [e, f] = view.offset;
    // Along a screen axis either the column or the row of the source changes, forwards or backwards.
    const isColumn = horizontal ? a !== 0 : b !== 0;
    const sign = horizontal ? a + c : b + d;
    const start = isColumn ? e : f;
    const length = isColumn ? picture.columns : picture.rows;
    const first = fits ? 1 : 0;
    for (let source = fits && step > 1 ? step - 1 : 0; source < length; source += step) {
      const at = place((source - start) * sign);
      if (at !== null) tick(at, tickLabel(source + first, 1));
    }
  }
}

/** Black on bright colours, white on dark ones. */
function contrast(value, picture, look) {
  if (picture.channels > 1) {
    const mean = value.reduce((sum, part) => sum + part, 0) / 3;
    return mean > (look.low + look.high) / 2 ? '#000' : '#fff';
  }
  const plain = Number(value);
  if (!Number.isFinite(plain) || look.saturation !== null && !look.marked && plain >= look.saturation) return '#fff';
  const at = 3 * mapIndex(plain, look);
  const light = 0.299 * look.map[at] + 0.587 * look.map[at + 1] + 0.114 * look.map[at + 2];
  return light > 140 ? '#000' : '#fff';
}
