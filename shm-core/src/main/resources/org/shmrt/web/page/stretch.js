// From values to colours: limits (which values are the ends of the colour bar) and stretch (what lies between).

/** At most so many samples are sorted for percentiles; pictures up to this size are taken whole. */
const MOST_SAMPLES = 10000;

export const STRETCHES = ['linear', 'log', 'sqrt', 'asinh'];
const LOG_SCALE = 1000;
const ASINH_SCALE = 10;

/** The place of a value between the limits (0..1) to the place in the colour map (0..1). */
export function bend(t, stretch) {
  const x = t < 0 ? 0 : t > 1 ? 1 : t;
  switch (stretch) {
    case 'log': return Math.log(1 + LOG_SCALE * x) / Math.log(1 + LOG_SCALE);
    case 'sqrt': return Math.sqrt(x);
    case 'asinh': return Math.asinh(ASINH_SCALE * x) / Math.asinh(ASINH_SCALE);
    default: return x;
  }
}

/** The entry (0..255) of the colour map for a value; what the shader computes too. */
export function mapIndex(value, look) {
  const span = look.high - look.low;
  const t = span > 0 ? (value - look.low) / span : value > look.low ? 1 : value < look.low ? 0 : 0.5;
  const index = Math.floor(bend(t, look.stretch) * 255 + 0.5);
  return look.invert ? 255 - index : index;
}

const samples = new Float64Array(MOST_SAMPLES);

const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));

/** Copies finite values, evenly spread, into `samples`; returns how many. */
function sample(values, columns) {
  let stride = Math.max(1, Math.ceil(values.length / MOST_SAMPLES));
  // A stride that shares a factor with the columns would look at some columns only.
  while (stride > 1 && divisor(stride, columns) !== 1) stride += 1;
  let n = 0;
  for (let i = 0; i < values.length && n < MOST_SAMPLES; i += stride) {
    const value = values[i];
    if (Number.isFinite(value)) samples[n++] = value;
  }
  return n;
}

function extremes(values, out) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < low && value !== -Infinity) low = value;
    if (value > high && value !== Infinity) high = value;
  }
  out.low = low;
  out.high = high;
}

function quantile(sorted, n, share) {
  const at = (n - 1) * share;
  const i = Math.floor(at);
  return i + 1 < n ? sorted[i] + (sorted[i + 1] - sorted[i]) * (at - i) : sorted[i];
}

/** Writes low and high into `out`; 0 and 1 where nothing is finite. */
export function computeLimits(picture, limits, out) {
  out.low = Infinity;
  out.high = -Infinity;
  if (limits.kind === 'fixed') {
    out.low = limits.low;
    out.high = limits.high;
  } else if (limits.kind === 'minmax') {
    extremes(picture.values, out);
  } else if (limits.kind === 'percent') {
    const n = sample(picture.values, picture.columns * picture.channels);
    if (n > 0) {
      const sorted = samples.subarray(0, n).sort();
      out.low = quantile(sorted, n, limits.low / 100);
      out.high = quantile(sorted, n, limits.high / 100);
    }
  } else {
    const count = chooseEvenly(picture.values);
    if (count > 0) zscale(count, out);
  }
  if (!(out.low <= out.high)) {
    out.low = 0;
    out.high = 1;
  }
}

const Z_SAMPLES = 1000;
const CONTRAST = 0.25;
const MAX_REJECT = 0.5;
const MIN_PIXELS = 5;
const REJECT_SIGMA = 2.5;
const ITERATIONS = 5;
const chosen = new Float64Array(Z_SAMPLES);
const bad = new Uint8Array(Z_SAMPLES);
const grown = new Uint8Array(Z_SAMPLES);

/** Copies every n-th finite value into `chosen`, as astropy and `shm read` do; returns how many. */
function chooseEvenly(values) {
  let finite = 0;
  for (let i = 0; i < values.length; i++) finite += Number.isFinite(values[i]) ? 1 : 0;
  const stride = Math.max(1, Math.floor(finite / Z_SAMPLES));
  let seen = 0;
  let count = 0;
  for (let i = 0; i < values.length && count < Z_SAMPLES; i++) {
    if (Number.isFinite(values[i]) && seen++ % stride === 0) chosen[count++] = values[i];
  }
  return count;
}

/** IRAF's zscale: a line through the sorted samples, outliers rejected, its slope divided by the contrast. */
function zscale(count, out) {
  const x = chosen.subarray(0, count).sort();
  out.low = x[0];
  out.high = x[count - 1];
  const least = Math.max(MIN_PIXELS, Math.floor(count * MAX_REJECT));
  const grow = Math.max(1, Math.floor(count * 0.01));
  bad.fill(0);
  let good = count;
  let last = count + 1;
  let slope = 0;
  for (let pass = 0; pass < ITERATIONS && good < last && good >= least; pass++) {
    slope = rejectOnce(x, count, grow);
    last = good;
    good = 0;
    for (let i = 0; i < count; i++) good += bad[i] ? 0 : 1;
  }
  if (good < least) return;
  const centre = Math.floor((count - 1) / 2);
  const median = quantile(x, count, 0.5);
  slope /= CONTRAST;
  out.low = Math.max(out.low, median - (centre - 1) * slope);
  out.high = Math.min(out.high, median + (count - centre) * slope);
}

function rejectOnce(x, count, grow) {
  let n = 0, si = 0, sx = 0, sii = 0, six = 0;
  for (let i = 0; i < count; i++) {
    if (bad[i]) continue;
    n += 1;
    si += i;
    sx += x[i];
    sii += i * i;
    six += i * x[i];
  }
  const slope = (n * six - si * sx) / (n * sii - si * si || 1);
  const start = (sx - slope * si) / n;
  let sum = 0, squares = 0;
  for (let i = 0; i < count; i++) {
    if (bad[i]) continue;
    const flat = x[i] - start - slope * i;
    sum += flat;
    squares += flat * flat;
  }
  const threshold = REJECT_SIGMA * Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
  for (let i = 0; i < count; i++) if (Math.abs(x[i] - start - slope * i) > threshold) bad[i] = 1;
  const ahead = Math.floor((grow - 1) / 2);
  for (let i = 0; i < count; i++) {
    grown[i] = 0;
    for (let k = 0; k < grow && !grown[i]; k++) {
      const j = i + ahead - k;
      if (j >= 0 && j < count) grown[i] = bad[j];
    }
  }
  bad.set(grown);
  return slope;
}
