// One frame as numbers: what is drawn, measured and written beside a pixel.
//
//   raw     the payload as the server sent it, a view without a copy
//   values  what is drawn and measured: `raw` itself, or a part of complex values, or values less a dark
//   bare    `values` before a dark is subtracted: what saturates
//   gpu     what the texture gets: `values`, or float32 where the graphics card has no such type
//
// Buffers are kept and reused while size and type stay the same.

const TYPES = {
  bool: [Uint8Array, 1], uint8: [Uint8Array, 1], int8: [Int8Array, 1], uint16: [Uint16Array, 2], int16: [Int16Array, 2],
  uint32: [Uint32Array, 4], int32: [Int32Array, 4], uint64: [BigUint64Array, 8], int64: [BigInt64Array, 8],
  float16: [Uint16Array, 2], float32: [Float32Array, 4], float64: [Float64Array, 8],
  complex64: [Float32Array, 4], complex128: [Float64Array, 8],
};

const INTEGER_MAX = { bool: 1, uint8: 255, int8: 127, uint16: 65535, int16: 32767 };

export const isComplex = (dtype) => dtype.startsWith('complex');

/** Whether frames of this shape can be shown in colour: the last axis holds red, green, blue (and alpha). */
export const isColour = (shape, dtype) => shape.length === 3 && (shape[2] === 3 || shape[2] === 4)
  && shape[0] > 4 && shape[1] > 4 && !isComplex(dtype);

/** How many slices a stream of this shape has: the product of all axes but the last two; 1 for pictures and vectors. */
export function sliceCount(shape) {
  return shape.length < 3 ? 1 : shape.slice(0, -2).reduce((product, length) => product * length, 1);
}

/** A vector: one axis, or only one axis longer than 1. */
export const isVector = (shape) => shape.length < 2 || shape.filter((length) => length !== 1).length < 2;

let halves = null;

/** The values of all float16 bit patterns. */
function halfTable() {
  if (halves) return halves;
  halves = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const sign = bits & 0x8000 ? -1 : 1;
    if (exponent === 31) halves[bits] = fraction ? NaN : sign * Infinity;
    else halves[bits] = sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  }
  return halves;
}

const PARTS = {
  amp: (re, im) => Math.hypot(re, im),
  phase: (re, im) => Math.atan2(im, re),
  re: (re) => re,
  im: (re, im) => im,
};

export class Picture {
  constructor() {
    this.rows = 0;
    this.columns = 0;
    this.channels = 1;
    this.kind = 'none';
    this.header = null;
    this.remark = '';
  }

  get pixels() {
    return this.rows * this.columns;
  }

  /** Takes a frame as the connection delivered it. `asColour`: show a last axis of 3 or 4 as RGB. */
  accept(message, asColour) {
    const { header, buffer, offset } = message;
    const [type, width] = TYPES[header.dtype] ?? TYPES.uint8;
    this.header = header;
    this.dtype = header.dtype;
    this.receivedMs = message.receivedMs;
    this.raw = new type(buffer, offset, Math.floor((header.bytes ?? buffer.byteLength - offset) / width));
    const shape = header.shape;
    this.channels = 1;
    if (asColour && isColour(shape, header.dtype)) {
      [this.rows, this.columns, this.channels] = shape;
      this.kind = 'rgb';
    } else if (isVector(shape)) {
      this.rows = 1;
      this.columns = shape.reduce((product, length) => product * length, 1);
      this.kind = 'vector';
    } else {
      this.rows = shape[shape.length - 2];
      this.columns = shape[shape.length - 1];
      this.kind = 'image';
    }
  }

  /** Makes `values` and `gpu`. `dark` is a picture of the same size, or null. */
  prepare(part, dark) {
    const n = this.pixels * this.channels;
    this.part = isComplex(this.dtype) ? part : '';
    this.remark = '';
    let values = this.raw;
    if (this.part) {
      values = this.#buffer('partOf', this.dtype === 'complex64' ? Float32Array : Float64Array, n);
      const pick = Object.hasOwn(PARTS, part) ? PARTS[part] : PARTS.amp;
      for (let i = 0; i < n; i++) values[i] = pick(this.raw[2 * i], this.raw[2 * i + 1]);
    } else if (this.dtype === 'float16') {
      const table = halfTable();
      values = this.#buffer('decoded', Float32Array, n);
      for (let i = 0; i < n; i++) values[i] = table[this.raw[i]];
    } else if (this.dtype === 'int64' || this.dtype === 'uint64') {
      values = this.#buffer('decoded', Float64Array, n);
      for (let i = 0; i < n; i++) values[i] = Number(this.raw[i]);
      this.remark = `${this.dtype} is drawn and measured as float64; the text of a pixel is exact`;
    }
    this.bare = values;
    this.dark = dark !== null && dark.pixels === this.pixels && this.channels === 1 ? dark : null;
    if (this.dark) {
      const wide = values instanceof Float64Array || values.BYTES_PER_ELEMENT === 4 && !(values instanceof Float32Array);
      const difference = this.#buffer('difference', wide ? Float64Array : Float32Array, n);
      for (let i = 0; i < n; i++) difference[i] = values[i] - this.dark.values[i];
      values = difference;
    } else if (dark !== null) {
      this.remark = 'the dark has another shape and is not subtracted';
    }
    this.values = values;
    this.gpu = values;
    if (values instanceof Float64Array) {
      this.gpu = this.#buffer('single', Float32Array, n);
      this.gpu.set(values);
      if (!this.remark) this.remark = 'drawn as float32; measured as float64';
    }
  }

  #buffer(name, type, length) {
    const kept = this[name];
    if (kept instanceof type && kept.length === length) return kept;
    this[name] = new type(length);
    return this[name];
  }

  /** The index in `values` of a pixel. */
  index(row, column) {
    return (row * this.columns + column) * this.channels;
  }

  contains(row, column) {
    return row >= 0 && column >= 0 && row < this.rows && column < this.columns;
  }

  /** The value of a pixel for a plot: a number; of a colour picture the mean of red, green and blue. */
  at(row, column) {
    const i = this.index(row, column);
    return this.channels === 1 ? this.values[i] : (this.values[i] + this.values[i + 1] + this.values[i + 2]) / 3;
  }

  /** The exact value of a pixel for text: bigint for 64-bit integers, an array for colours. */
  exact(row, column) {
    const i = this.index(row, column);
    if (this.channels > 1) return Array.from(this.values.subarray(i, i + 3));
    if (!this.dark && (this.dtype === 'int64' || this.dtype === 'uint64')) return this.raw[i];
    return this.values[i];
  }

  /** Where the camera saturates by default: the greatest value of an integer type of at most 16 bits, else null. */
  get saturation() {
    return this.part || this.dtype === 'bool' ? null : INTEGER_MAX[this.dtype] ?? null;
  }

  /** Whether all values are integers, so that ticks and text need no decimals. */
  get isInteger() {
    return !(this.values instanceof Float32Array || this.values instanceof Float64Array);
  }
}
