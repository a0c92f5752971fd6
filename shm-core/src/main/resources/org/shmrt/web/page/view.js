// Where a picture lies on the screen: orientation (flips, quarter turns, transposition), zoom and centre.
//
// Three systems of coordinates: the source (row, column of the array), the oriented picture (x to the right, y down,
// in pixels, after flips and turns), and the stage (CSS pixels from its upper left corner).

export class View {
  constructor() {
    this.rows = 1;
    this.columns = 1;
    this.stageWidth = 1;
    this.stageHeight = 1;
    this.zoom = null;
    this.centreX = 0.5;
    this.centreY = 0.5;
    this.orient({ flip: '', rot: 0, transpose: false, upward: false });
  }

  /** flip: '', 'x', 'y' or 'xy'; rot: quarter turns clockwise; upward: FITS's order, the first row at the bottom. */
  orient({ flip, rot, transpose, upward }) {
    // column = a x + b y + e (W - 1), row = c x + d y + f (H - 1), for integer x, y of the oriented picture.
    let m = [1, 0, 0, 1];
    if (transpose) m = [m[1], m[0], m[3], m[2]];
    if (upward) m = [m[0], -m[1], m[2], -m[3]];
    for (let i = 0; i < (rot & 3); i++) m = [-m[1], m[0], -m[3], m[2]];
    if (flip.includes('x')) m = [-m[0], m[1], -m[2], m[3]];
    if (flip.includes('y')) m = [m[0], -m[1], m[2], -m[3]];
    this.matrix = m;
    this.swapped = m[0] === 0;
  }

  get width() {
    return this.swapped ? this.rows : this.columns;
  }

  get height() {
    return this.swapped ? this.columns : this.rows;
  }

  /** The constant part of the mapping from oriented to source: [column, row]. */
  get offset() {
    const [a, b, c, d] = this.matrix;
    return [a + b < 0 ? this.columns - 1 : 0, c + d < 0 ? this.rows - 1 : 0];
  }

  /** CSS pixels per pixel of the picture when the whole picture fits the stage. */
  get fitScale() {
    return Math.min((this.stageWidth - 2 * MARGIN) / this.width, (this.stageHeight - 2 * MARGIN) / this.height);
  }

  get scale() {
    return this.zoom ?? this.fitScale;
  }

  /** The source pixel under a place of the stage as [row, column]; it may lie outside the picture. */
  source(stageX, stageY) {
    const x = Math.floor(this.pictureX(stageX));
    const y = Math.floor(this.pictureY(stageY));
    const [a, b, c, d] = this.matrix;
    const [e, f] = this.offset;
    return [c * x + d * y + f, a * x + b * y + e];
  }

  pictureX(stageX) {
    return this.centreX * this.width + (stageX - this.stageWidth / 2) / this.scale;
  }

  pictureY(stageY) {
    return this.centreY * this.height + (stageY - this.stageHeight / 2) / this.scale;
  }

  stageX(pictureX) {
    return this.stageWidth / 2 + (pictureX - this.centreX * this.width) * this.scale;
  }

  stageY(pictureY) {
    return this.stageHeight / 2 + (pictureY - this.centreY * this.height) * this.scale;
  }

  /** The place on the stage of the middle of a source pixel, as [x, y]. */
  place(row, column) {
    const [a, b, c, d] = this.matrix;
    const [e, f] = this.offset;
    const dc = column - e;
    const dr = row - f;
    // The matrix holds one +1 or -1 in each row and column: its inverse is its transpose.
    return [this.stageX(a * dc + c * dr + 0.5), this.stageY(b * dc + d * dr + 0.5)];
  }

  /** Zooms by a factor around a place of the stage, which stays where it is. */
  zoomAt(factor, stageX, stageY) {
    const x = this.pictureX(stageX);
    const y = this.pictureY(stageY);
    this.zoom = Math.min(Math.max(this.scale * factor, Math.min(this.fitScale, 1) / 4), MAX_SCALE);
    this.centreX = (x - (stageX - this.stageWidth / 2) / this.zoom) / this.width;
    this.centreY = (y - (stageY - this.stageHeight / 2) / this.zoom) / this.height;
    this.#clamp();
  }

  pan(dx, dy) {
    if (this.zoom === null) this.zoom = this.fitScale;
    this.centreX -= dx / this.scale / this.width;
    this.centreY -= dy / this.scale / this.height;
    this.#clamp();
  }

  fit() {
    this.zoom = null;
    this.centreX = 0.5;
    this.centreY = 0.5;
  }

  /** Takes zoom and centre of another view: the same part of the picture, also if that has another size. */
  follow(other) {
    this.zoom = other.zoom === null ? null : other.zoom * (other.width / this.width);
    this.centreX = other.centreX;
    this.centreY = other.centreY;
  }

  #clamp() {
    this.centreX = Math.min(Math.max(this.centreX, 0), 1);
    this.centreY = Math.min(Math.max(this.centreY, 0), 1);
  }
}

/** The rulers take this room at the edges of the stage when the whole picture is shown. */
export const MARGIN = 28;
const MAX_SCALE = 160;
