// window.shmrt: what tests and measurements may ask the page. It reads only.
//
//   shmrt.panes()            names of the streams shown
//   shmrt.readTexture(i)     {format, rows, columns, values}: the pixels of pane i as the graphics card holds them
//   shmrt.readPixels(i)      {width, height, rgba}: what is drawn in pane i, in device pixels, from the top left corner
//   shmrt.place(i, r, c)     [x, y]: where the middle of a pixel lies in readPixels
//   shmrt.view(i)            zoom (null: fitted), scale, centre as shares of the picture
//   shmrt.look(i)            limits, stretch, colour map of pane i
//   shmrt.frame(i)           header of the frame shown
//   shmrt.values(i, r0, c0, r1, c1)   exact values as text, both ends included
//   shmrt.statistics(i)      {whole, region}
//   shmrt.snippet(i)         the numpy code that the copy button copies
//   shmrt.meter(i)           {frames, ageMs: {p50, p99, max}} since the page was opened
//   shmrt.cards()            names of the cards on the wall, in order

import { snippet } from './export.js';

export function installHook(app) {
  const pane = (i) => app.page.panes[i ?? 0];
  window.shmrt = Object.freeze({
    panes: () => (app.page.panes ?? []).map(({ name }) => name),
    readTexture: (i) => pane(i).renderer.readTexture(),
    readPixels: (i) => {
      const { renderer, view, look, ratio } = pane(i);
      renderer.draw(view, look, ratio);
      const { width, height, rgba } = renderer.readPixels();
      return { width, height, rgba: Array.from(rgba) };
    },
    place: (i, row, column) => pane(i).view.place(row, column).map((at) => at * pane(i).ratio),
    view: (i) => {
      const { zoom, scale, centreX, centreY } = pane(i).view;
      return { zoom, scale, centreX, centreY };
    },
    look: (i) => {
      const { low, high, stretch, invert, saturation, map } = pane(i).look;
      return { low, high, stretch, invert, saturation, map: Array.from(map), renderer: pane(i).renderer?.name };
    },
    frame: (i) => pane(i).picture.header,
    values: (i, r0, c0, r1, c1) => {
      const rows = [];
      for (let r = r0; r <= r1; r++) {
        const row = [];
        for (let c = c0; c <= c1; c++) row.push(String(pane(i).picture.exact(r, c)));
        rows.push(row);
      }
      return rows;
    },
    statistics: (i) => ({ whole: { ...pane(i).whole }, region: { ...pane(i).part } }),
    snippet: (i) => snippet(pane(i), window.location.origin),
    meter: (i) => pane(i).meter.report(),
    cards: () => [...document.querySelectorAll('.card')].map((card) => card.dataset.name),
  });
}
