// The shaders. One program for each class of texture: unsigned and signed integers, floats, and colours.
//
// Each fragment finds its source pixel (no interpolation), reads the exact value, and looks the colour up. Integers
// are compared and subtracted as integers before they become floats, so that 32-bit values keep their last digits.

export const VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

const CLASSES = {
  u: { sampler: 'usampler2D', texel: 'uvec4', scalar: 'uint' },
  i: { sampler: 'isampler2D', texel: 'ivec4', scalar: 'int' },
  f: { sampler: 'sampler2D', texel: 'vec4', scalar: 'float' },
};

const DIFFERENCE = {
  u: 'v >= u_base ? float(v - u_base) : -float(u_base - v)',
  i: 'v >= u_base ? float(uint(v) - uint(u_base)) : -float(uint(u_base) - uint(v))',
  f: 'v - u_base',
};

const scalarColour = `
  SCALAR v = texel.r;
  if (notFinite(v)) return u_notFinite[((at.x + at.y) & 1)];
  if (u_marks && v >= u_saturation) return u_saturated;
  return lookUp(place(v));`;

const rgbColour = `
  if (notFinite(texel.r) || notFinite(texel.g) || notFinite(texel.b)) return u_notFinite[((at.x + at.y) & 1)];
  vec3 c = vec3(place(texel.r), place(texel.g), place(texel.b));
  return vec4(u_invert ? 1.0 - c : c, 1.0);`;

/** The fragment shader for a class of textures ('u', 'i', 'f'), for one channel or for red, green and blue. */
export function fragment(type, colours) {
  const { sampler, texel, scalar } = CLASSES[type];
  return `#version 300 es
precision highp float;
precision highp int;
precision highp ${sampler};
uniform ${sampler} u_pixels;
uniform mediump usampler2D u_mask;
uniform sampler2D u_map;
uniform ivec2 u_oriented;
uniform ivec4 u_matrix;
uniform ivec2 u_offset;
uniform vec2 u_stage;
uniform vec2 u_centre;
uniform float u_step;
uniform ${scalar} u_base;
uniform float u_low;
uniform float u_span;
uniform ${scalar} u_saturation;
uniform int u_stretch;
uniform bool u_marks;
uniform bool u_masked;
uniform bool u_invert;
uniform vec4 u_notFinite[2];
uniform vec4 u_saturated;
uniform vec4 u_maskColour;
uniform vec4 u_outside;
out vec4 colour;

bool notFinite(${scalar} v) {
  return ${type === 'f' ? '(floatBitsToUint(v) & 0x7f800000u) == 0x7f800000u' : 'false'};
}

float place(${scalar} v) {
  float d = (${DIFFERENCE[type]}) - u_low;
  float t = u_span > 0.0 ? clamp(d / u_span, 0.0, 1.0) : d > 0.0 ? 1.0 : d < 0.0 ? 0.0 : 0.5;
  if (u_stretch == 1) return log(1.0 + 1000.0 * t) / log(1001.0);
  if (u_stretch == 2) return sqrt(t);
  if (u_stretch == 3) return asinh(10.0 * t) / asinh(10.0);
  return t;
}

vec4 lookUp(float t) {
  int i = int(floor(t * 255.0 + 0.5));
  return vec4(texelFetch(u_map, ivec2(u_invert ? 255 - i : i, 0), 0).rgb, 1.0);
}

vec4 shade(${texel} texel, ivec2 at) {${
  (colours ? rgbColour : scalarColour).replace('SCALAR', scalar)}
}

void main() {
  vec2 stage = vec2(gl_FragCoord.x, u_stage.y - gl_FragCoord.y);
  ivec2 p = ivec2(floor(u_centre + (stage - 0.5 * u_stage) * u_step));
  if (p.x < 0 || p.y < 0 || p.x >= u_oriented.x || p.y >= u_oriented.y) {
    colour = u_outside;
    return;
  }
  ivec2 at = ivec2(u_matrix.x * p.x + u_matrix.y * p.y, u_matrix.z * p.x + u_matrix.w * p.y) + u_offset;
  colour = shade(texelFetch(u_pixels, at, 0), at);
  uint marks = u_masked ? texelFetch(u_mask, at, 0).r : 0u;
  if ((marks & 2u) != 0u) colour = u_saturated;
  if ((marks & 1u) != 0u) {
    colour = vec4(mix(colour.rgb, u_maskColour.rgb, u_maskColour.a), 1.0);
  }
}`;
}

export const UNIFORMS = [
  'u_pixels', 'u_mask', 'u_map', 'u_oriented', 'u_matrix', 'u_offset', 'u_stage', 'u_centre', 'u_step',
  'u_base', 'u_low', 'u_span', 'u_saturation', 'u_stretch', 'u_marks', 'u_masked', 'u_invert', 'u_notFinite',
  'u_saturated', 'u_maskColour', 'u_outside',
];
