// Draws a picture with WebGL2: the exact pixels are in a texture of their own type, without any conversion for
// integers of up to 32 bits and for float32.

import { STRETCHES } from './stretch.js';
import { fragment, UNIFORMS, VERTEX } from './shaders.js';

const FORMATS = {
  Uint8Array: { type: 'u', one: 'R8UI', four: 'RGBA8UI', three: 'RGB8UI', data: 'UNSIGNED_BYTE' },
  Int8Array: { type: 'i', one: 'R8I', four: 'RGBA8I', three: 'RGB8I', data: 'BYTE' },
  Uint16Array: { type: 'u', one: 'R16UI', four: 'RGBA16UI', three: 'RGB16UI', data: 'UNSIGNED_SHORT' },
  Int16Array: { type: 'i', one: 'R16I', four: 'RGBA16I', three: 'RGB16I', data: 'SHORT' },
  Uint32Array: { type: 'u', one: 'R32UI', four: 'RGBA32UI', three: 'RGB32UI', data: 'UNSIGNED_INT' },
  Int32Array: { type: 'i', one: 'R32I', four: 'RGBA32I', three: 'RGB32I', data: 'INT' },
  Float32Array: { type: 'f', one: 'R32F', four: 'RGBA32F', three: 'RGB32F', data: 'FLOAT' },
};

/** Colours with a meaning, the same in both renderers: red, green, blue, and the share of the mask. */
export const MARKS = {
  notFinite: [[0.93, 0.16, 0.72], [0.25, 0.05, 0.22]],
  saturated: [1, 0.16, 0.12],
  mask: [0.2, 0.75, 1],
  maskShare: 0.45,
};

/** A share of 1 as a byte. */
export const byte = (share) => Math.round(share * 255);

/** Names of renderers that compute on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

let hardware = null;

/** Whether WebGL2 runs on a graphics card. In software it takes several times as long as a 2D canvas. */
export function hasGraphicsCard() {
  hardware ??= findGraphicsCard();
  return hardware;
}

function findGraphicsCard() {
  const gl = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (!gl) return false;
  // Chromium's own software renderer counts as no caveat when it was asked for.
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const name = gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return !SOFTWARE.test(name);
}

export class GlRenderer {
  /** Throws where the browser has no WebGL2. */
  constructor(canvas) {
    this.canvas = canvas;
    this.name = 'WebGL2';
    this.isCanvas = false;
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false });
    if (!gl) throw new Error('this browser has no WebGL2');
    this.gl = gl;
    this.maxSize = gl.getParameter(gl.MAX_TEXTURE_SIZE);
    this.#build();
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => {
      this.#build();
      this.restored?.();
    });
  }

  #build() {
    const { gl } = this;
    this.programs = new Map();
    this.pixels = this.#texture();
    this.mask = this.#texture();
    this.map = this.#texture();
    this.format = '';
    this.maskSize = '';
    this.mapKept = null;
    this.framebuffer = gl.createFramebuffer();
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
  }

  #texture() {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return texture;
  }

  /** Copies the values of a picture into the texture. The texture is made again only where type or size change. */
  upload(picture) {
    const { gl } = this;
    const data = picture.gpu;
    const format = FORMATS[data.constructor.name];
    const size = picture.channels === 1 ? 'one' : picture.channels === 3 ? 'three' : 'four';
    const key = `${format[size]} ${picture.columns} ${picture.rows}`;
    gl.activeTexture(gl.TEXTURE0);
    if (this.format !== key) {
      gl.deleteTexture(this.pixels);
      this.pixels = this.#texture();
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl[format[size]], picture.columns, picture.rows);
      this.format = key;
    }
    this.type = format.type;
    this.channels = picture.channels;
    this.columns = picture.columns;
    this.rows = picture.rows;
    this.layout = format.type === 'f' ? { one: gl.RED, three: gl.RGB, four: gl.RGBA }[size]
      : { one: gl.RED_INTEGER, three: gl.RGB_INTEGER, four: gl.RGBA_INTEGER }[size];
    this.data = gl[format.data];
    gl.bindTexture(gl.TEXTURE_2D, this.pixels);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, picture.columns, picture.rows, this.layout, this.data, data);
  }

  /** Takes the marks of each pixel, or null: bit 0 is the mask, bit 1 a saturated value. */
  setMask(bytes) {
    const { gl } = this;
    this.masked = bytes !== null;
    if (!bytes) return;
    const key = `${this.columns} ${this.rows}`;
    gl.activeTexture(gl.TEXTURE1);
    if (this.maskSize !== key) {
      gl.deleteTexture(this.mask);
      this.mask = this.#texture();
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R8UI, this.columns, this.rows);
      this.maskSize = key;
    }
    gl.bindTexture(gl.TEXTURE_2D, this.mask);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, this.columns, this.rows, gl.RED_INTEGER, gl.UNSIGNED_BYTE, bytes);
  }

  #setMap(rgb) {
    if (this.mapKept === rgb) return;
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE2);
    gl.bindTexture(gl.TEXTURE_2D, this.map);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, rgb);
    this.mapKept = rgb;
  }

  #program() {
    const key = this.type + (this.channels > 1 ? 'c' : '');
    let entry = this.programs.get(key);
    if (entry) return entry;
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, fragment(this.type, this.channels > 1)]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
        throw new Error(gl.getShaderInfoLog(shader));
      }
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    const at = {};
    for (const name of UNIFORMS) at[name] = gl.getUniformLocation(program, name);
    entry = { program, at };
    this.programs.set(key, entry);
    return entry;
  }

  /**
   * Draws the texture. look: {map: 768 bytes, invert, stretch, low, high, saturation: number or null, outside: [r, g, b]}.
   */
  draw(view, look, ratio) {
    const { gl } = this;
    if (!this.format || gl.isContextLost()) return;
    this.#setMap(look.map);
    const { program, at } = this.#program();
    gl.useProgram(program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.pixels);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.mask);
    gl.activeTexture(gl.TEXTURE2);
    gl.bindTexture(gl.TEXTURE_2D, this.map);
    gl.uniform1i(at.u_pixels, 0);
    gl.uniform1i(at.u_mask, 1);
    gl.uniform1i(at.u_map, 2);
    const [a, b, c, d] = view.matrix;
    gl.uniform2i(at.u_oriented, view.width, view.height);
    gl.uniform4i(at.u_matrix, a, b, c, d);
    gl.uniform2i(at.u_offset, ...view.offset);
    gl.uniform2f(at.u_stage, this.canvas.width, this.canvas.height);
    gl.uniform2f(at.u_centre, view.centreX * view.width, view.centreY * view.height);
    gl.uniform1f(at.u_step, 1 / (view.scale * ratio));
    this.#limits(at, look);
    gl.uniform1i(at.u_stretch, STRETCHES.indexOf(look.stretch));
    gl.uniform1i(at.u_masked, this.masked && this.maskSize === `${this.columns} ${this.rows}` ? 1 : 0);
    gl.uniform1i(at.u_invert, look.invert ? 1 : 0);
    gl.uniform4fv(at.u_notFinite, [...MARKS.notFinite[0], 1, ...MARKS.notFinite[1], 1]);
    gl.uniform4f(at.u_saturated, ...MARKS.saturated, 1);
    gl.uniform4f(at.u_maskColour, ...MARKS.mask, MARKS.maskShare);
    gl.uniform4f(at.u_outside, ...look.outside, 1);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Integers: the integer part of the low limit is subtracted as an integer, the rest as a float. */
  #limits(at, look) {
    const { gl } = this;
    const marks = look.saturation !== null && !look.marked;
    gl.uniform1i(at.u_marks, marks ? 1 : 0);
    gl.uniform1f(at.u_span, look.high - look.low);
    if (this.type === 'f') {
      gl.uniform1f(at.u_base, look.low);
      gl.uniform1f(at.u_low, 0);
      gl.uniform1f(at.u_saturation, marks ? look.saturation : 0);
      return;
    }
    const [least, most] = this.type === 'u' ? [0, 4294967295] : [-2147483648, 2147483647];
    const base = Math.min(Math.max(Math.floor(look.low), least), most);
    const saturation = marks ? Math.min(Math.max(Math.ceil(look.saturation), least), most) : 0;
    const set = this.type === 'u' ? gl.uniform1ui : gl.uniform1i;
    set.call(gl, at.u_base, base);
    set.call(gl, at.u_saturation, saturation);
    gl.uniform1f(at.u_low, look.low - base);
    if (marks && look.saturation > most) gl.uniform1i(at.u_marks, 0);
  }

  /** For tests: the texture as numbers, row by row; one channel only. */
  readTexture() {
    const { gl } = this;
    const type = this.format.split(' ')[0];
    if (this.type === 'f' && !gl.getExtension('EXT_color_buffer_float')) return null;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.pixels, 0);
    const n = this.columns * this.rows * 4;
    const [data, format, kind] = this.type === 'u' ? [new Uint32Array(n), gl.RGBA_INTEGER, gl.UNSIGNED_INT]
      : this.type === 'i' ? [new Int32Array(n), gl.RGBA_INTEGER, gl.INT] : [new Float32Array(n), gl.RGBA, gl.FLOAT];
    gl.readPixels(0, 0, this.columns, this.rows, format, kind, data);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return { format: type, rows: this.rows, columns: this.columns, values: Array.from(data.filter((_, i) => i % 4 === 0)) };
  }

  /** For tests and for copies: what is on the canvas, row by row from the top, as RGBA. Call it right after draw. */
  readPixels() {
    const { gl, canvas } = this;
    const { width, height } = canvas;
    const upward = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, upward);
    const rgba = new Uint8Array(upward.length);
    for (let y = 0; y < height; y++) {
      rgba.set(upward.subarray((height - 1 - y) * width * 4, (height - y) * width * 4), y * width * 4);
    }
    return { width, height, rgba };
  }

  close() {
    const { gl } = this;
    gl.deleteTexture(this.pixels);
    gl.deleteTexture(this.mask);
    gl.deleteTexture(this.map);
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
