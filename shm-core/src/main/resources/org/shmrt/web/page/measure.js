// Statistics, histogram, cuts and radial profile, from the exact values of the whole frame. Results go into objects
// and buffers that are reused.

/** A region as [row0, column0, row1, column1], both ends included, clipped to the picture; null = the whole picture. */
export function clip(region, picture) {
  if (!region) return [0, 0, picture.rows - 1, picture.columns - 1];
  const [r0, c0, r1, c1] = region;
  const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
  return [
    within(Math.min(r0, r1), picture.rows - 1), within(Math.min(c0, c1), picture.columns - 1),
    within(Math.max(r0, r1), picture.rows - 1), within(Math.max(c0, c1), picture.columns - 1),
  ];
}

export function newStatistics() {
  return {
    pixels: 0, finite: 0, nan: 0, inf: 0, saturated: 0,
    min: NaN, max: NaN, mean: NaN, std: NaN, median: NaN, sum: NaN, minAt: 0, maxAt: 0,
  };
}

let scratch = new Float64Array(0);

/** Exact statistics of a region. `withMedian` costs a second copy of the values. */
export function statistics(picture, region, saturation, withMedian, out) {
  const [r0, c0, r1, c1] = clip(region, picture);
  const { values, bare, channels, columns } = picture;
  out.pixels = (r1 - r0 + 1) * (c1 - c0 + 1);
  out.finite = out.nan = out.inf = out.saturated = 0;
  let min = Infinity, max = -Infinity, sum = 0, minAt = 0, maxAt = 0, n = 0;
  if (withMedian && scratch.length < out.pixels * channels) scratch = new Float64Array(out.pixels * channels);
  for (let row = r0; row <= r1; row++) {
    const end = (row * columns + c1 + 1) * channels;
    for (let i = (row * columns + c0) * channels; i < end; i++) {
      const value = values[i];
      if (!(value - value === 0)) {
        if (value !== value) out.nan += 1;
        else out.inf += 1;
        continue;
      }
      if (withMedian) scratch[n] = value;
      n += 1;
      sum += value;
      if (value < min) { min = value; minAt = i; }
      if (value > max) { max = value; maxAt = i; }
      if (bare[i] >= saturation) out.saturated += 1;
    }
  }
  out.finite = n;
  out.sum = n ? sum : NaN;
  out.mean = n ? sum / n : NaN;
  out.min = n ? min : NaN;
  out.max = n ? max : NaN;
  out.minAt = Math.floor(minAt / channels);
  out.maxAt = Math.floor(maxAt / channels);
  out.std = deviation(picture, [r0, c0, r1, c1], out.mean, n);
  out.median = withMedian && n ? median(scratch, n) : NaN;
}

function deviation(picture, [r0, c0, r1, c1], mean, n) {
  const { values, channels, columns } = picture;
  let squares = 0;
  for (let row = r0; row <= r1; row++) {
    const end = (row * columns + c1 + 1) * channels;
    for (let i = (row * columns + c0) * channels; i < end; i++) {
      const difference = values[i] - mean;
      if (difference - difference === 0) squares += difference * difference;
    }
  }
  return n ? Math.sqrt(squares / n) : NaN;
}

function median(values, n) {
  const middle = n >> 1;
  const upper = select(values, n, middle);
  if (n % 2) return upper;
  let lower = -Infinity;
  for (let i = 0; i < middle; i++) if (values[i] > lower) lower = values[i];
  return (lower + upper) / 2;
}

/** Hoare's selection: afterwards values[k] is the k-th, and none before it is greater. */
function select(values, n, k) {
  let left = 0;
  let right = n - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1];
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i += 1;
      while (values[j] > pivot) j -= 1;
      if (i <= j) {
        const kept = values[i];
        values[i] = values[j];
        values[j] = kept;
        i += 1;
        j -= 1;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k];
}

export const BINS = 128;

export function newHistogram() {
  return { bins: new Uint32Array(BINS), below: 0, above: 0, most: 0, low: 0, high: 1 };
}

/** Counts the finite values between low and high in BINS equal bins. */
export function histogram(picture, low, high, out) {
  const { bins } = out;
  const { values } = picture;
  bins.fill(0);
  out.low = low;
  out.high = high;
  out.below = out.above = 0;
  const scale = BINS / (high - low || 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < low) out.below += 1;
    else if (value > high) out.above += 1;
    else if (value === value) bins[Math.min(BINS - 1, Math.floor((value - low) * scale))] += 1;
  }
  out.most = 0;
  for (let i = 0; i < BINS; i++) if (bins[i] > out.most) out.most = bins[i];
}

/** A pair of growing buffers for the points of a plot. */
export class Points {
  constructor() {
    this.x = new Float64Array(0);
    this.y = new Float64Array(0);
    this.n = 0;
  }

  reserve(n) {
    this.n = n;
    if (this.x.length >= n) return;
    this.x = new Float64Array(n);
    this.y = new Float64Array(n);
  }

  /** The data for a plot. */
  get data() {
    return [this.x.subarray(0, this.n), this.y.subarray(0, this.n)];
  }
}

/** The values of one row (axis 1) or one column (axis 0). */
export function axisCut(picture, row, column, axis, out) {
  const n = axis === 1 ? picture.columns : picture.rows;
  out.reserve(n);
  for (let i = 0; i < n; i++) {
    out.x[i] = i;
    out.y[i] = axis === 1 ? picture.at(row, i) : picture.at(i, column);
  }
}

/**
 * The values of the pixels along a line; x is the distance from its start in pixels. Values are not interpolated. Only
 * the part within the picture is cut: an address can name a line of any length.
 */
export function lineCut(picture, [r0, c0, r1, c1], out) {
  const length = Math.hypot(r1 - r0, c1 - c0);
  const [start, end] = partInside(picture, r0, c0, r1, c1);
  if (!(start <= end) || !Number.isFinite(length)) {
    out.reserve(2);
    out.x.set([0, 1]);
    out.y.set([NaN, NaN]);
    return;
  }
  // The sum of both sides is the longest that a line within them can be, whatever the rounding of huge coordinates.
  const most = picture.rows + picture.columns;
  const n = Math.max(2, Math.min(Math.ceil(length * (end - start)), most) + 1);
  out.reserve(n);
  for (let i = 0; i < n; i++) {
    const share = start + (end - start) * (i / (n - 1));
    const row = Math.round(r0 + (r1 - r0) * share);
    const column = Math.round(c0 + (c1 - c0) * share);
    out.x[i] = length * share;
    out.y[i] = picture.contains(row, column) ? picture.at(row, column) : NaN;
  }
}

/** Which part of a line lies within the picture, as shares of the line: [start, end], with start > end if none does. */
function partInside(picture, r0, c0, r1, c1) {
  let start = 0;
  let end = 1;
  for (const [from, to, size] of [[r0, r1, picture.rows], [c0, c1, picture.columns]]) {
    const step = to - from;
    const low = -0.5 - from;
    const high = size - 0.5 - from;
    if (step === 0) {
      if (low > 0 || high < 0) end = -1;
    } else {
      start = Math.max(start, Math.min(low / step, high / step));
      end = Math.min(end, Math.max(low / step, high / step));
    }
  }
  return [start, end];
}

let ringCounts = new Uint32Array(0);

/** The mean of the finite values at each integer distance from a pixel, up to `radius`. */
export function radialProfile(picture, row, column, radius, out) {
  const n = radius + 1;
  out.reserve(n);
  if (ringCounts.length < n) ringCounts = new Uint32Array(n);
  ringCounts.fill(0);
  for (let i = 0; i < n; i++) {
    out.x[i] = i;
    out.y[i] = 0;
  }
  const [r0, c0, r1, c1] = clip([row - radius, column - radius, row + radius, column + radius], picture);
  for (let r = r0; r <= r1; r++) {
    for (let c = c0; c <= c1; c++) {
      const ring = Math.round(Math.hypot(r - row, c - column));
      const value = picture.at(r, c);
      if (ring > radius || !(value - value === 0)) continue;
      out.y[ring] += value;
      ringCounts[ring] += 1;
    }
  }
  for (let i = 0; i < n; i++) out.y[i] = ringCounts[i] ? out.y[i] / ringCounts[i] : NaN;
}
