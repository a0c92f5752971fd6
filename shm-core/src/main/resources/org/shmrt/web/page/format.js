// Numbers and units as text. Every function returns a fixed number of digits, so that columns do not jump.

const NONE = '–';

/** A value with its unit; the separator is a narrow no-break space. */
const withUnit = (value, unit) => `${value}\u202f${unit}`;

function digits(value, significant) {
  if (value === 0) return '0';
  // Of the rounded value: 9.9996 with four digits is 10.00, not 10.000.
  const magnitude = Number(value.toExponential(significant - 1).split('e')[1]);
  const decimals = Math.max(0, significant - 1 - magnitude);
  return value.toFixed(Math.min(decimals, 12));
}

/** A measured number with up to six significant digits. */
export function number(value) {
  if (value === null || value === undefined) return NONE;
  if (typeof value === 'bigint') return value.toString();
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(4).replace('e+', 'e');
  if (Number.isInteger(value)) return String(value);
  return digits(value, 6);
}

/** A number for the text in a pixel, with so many significant digits; integers of up to six digits are exact. */
export function brief(value, figures) {
  if (typeof value === 'bigint' && figures > 4) return value.toString();
  const plain = Number(value);
  if (Number.isNaN(plain)) return 'NaN';
  if (!Number.isFinite(plain)) return plain > 0 ? 'inf' : '-inf';
  const size = Math.abs(plain);
  if (Number.isInteger(plain) && size < 1e6) return String(plain);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return plain.toExponential(figures - 2).replace('e+', 'e').replace('e-', 'e−');
  return digits(plain, figures);
}

/** An integer in groups of three. Takes decimal strings of any length. */
export function count(value) {
  if (value === null || value === undefined) return NONE;
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A rate in Hz or kHz. */
export function rate(hz) {
  if (!hz || !Number.isFinite(hz)) return NONE;
  if (hz >= 999.95) return withUnit(digits(hz / 1000, 4), 'kHz');
  return withUnit(digits(hz, 4), 'Hz');
}

/** A duration given in nanoseconds. */
export function duration(ns) {
  if (ns === null || ns === undefined || !Number.isFinite(Number(ns))) return NONE;
  const value = Number(ns);
  const size = Math.abs(value);
  if (size < 999.5) return withUnit(digits(value, 3), 'ns');
  if (size < 999.5e3) return withUnit(digits(value / 1e3, 3), 'µs');
  if (size < 999.5e6) return withUnit(digits(value / 1e6, 3), 'ms');
  if (size < 60e9) return withUnit(digits(value / 1e9, 3), 's');
  if (size < 3600e9) return withUnit(digits(value / 60e9, 3), 'min');
  if (size < 86400e9) return withUnit(digits(value / 3600e9, 3), 'h');
  return withUnit(digits(value / 86400e9, 3), 'd');
}

/** A size in bytes with binary prefixes. */
export function bytes(value) {
  if (value === null || value === undefined) return NONE;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = Number(value);
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return withUnit(unit === 0 ? String(size) : digits(size, 3), units[unit]);
}

/** A shape as the command prints it: 512x512, slowest axis first. */
export function shape(lengths) {
  return lengths.length ? lengths.join('×') : 'scalar';
}

/** A time of day in UTC from nanoseconds since 1970, with milliseconds. */
export function timeOfDay(ns) {
  const big = BigInt(ns);
  if (big <= 0n) return NONE;
  return `${new Date(Number(big / 1000000n)).toISOString().slice(0, 23).replace('T', ' ')} UTC`;
}

/** A share as a percentage. */
export function percent(share) {
  return withUnit(digits(share * 100, 2), '%');
}

/** "1 stream", "2 streams". */
export function plural(n, noun) {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The words of a state of a stream. */
export const STATE_TEXT = {
  fresh: 'fresh', late: 'late', idle: 'idle', dead: 'writer dead', never: 'never written', removed: 'removed',
};

/** Steps of round numbers (1, 2, 5 times a power of ten) for ticks. */
export function tickStep(span, most) {
  const raw = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  const part = raw / power;
  return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

/**
 * The numbers of the first and of the last tick between two values, in steps. None, a first one after the last, where
 * the values are so large beside the step that a double does not hold the numbers: i + 1 would be i.
 */
export function tickNumbers(low, high, step) {
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) ? [first, last] : [0, -1];
}

/** The label of a tick: as many decimals as the step needs. */
export function tickLabel(value, step) {
  const size = Math.max(Math.abs(value), step);
  if (size >= 1e6 || step < 1e-4) return value === 0 ? '0' : value.toExponential(1).replace('e+', 'e');
  let decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (Math.abs(Number(step.toFixed(decimals)) - step) > step * 1e-3) decimals += 1;
  return (Math.abs(value) < step * 1e-6 ? 0 : value).toFixed(decimals);
}
