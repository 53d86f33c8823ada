/**
 * Draws packed records as they are. Whole-number subtraction keeps centimetres at every zoom and goes round the world
 * by itself.
 */
export const vertexShader = `#version 300 es
layout(location = 0) in uvec2 a_position;
layout(location = 1) in uvec4 a_values;
uniform uvec2 u_center;
uniform vec2 u_clipPerStep;
uniform float u_spritePx;
flat out uint v_status;
flat out vec2 v_heading;
void main() {
	ivec2 steps = ivec2(a_position - u_center);
	gl_Position = vec4(vec2(steps) * u_clipPerStep, 0.0, 1.0);
	gl_PointSize = u_spritePx;
	v_status = a_values.x;
	float angle = float(a_values.y) * (6.28318531 / 256.0);
	v_heading = vec2(cos(angle), sin(angle));
}`;

/**
 * One shape for each status as a signed distance, with a halo in the panel's colour: arrow, square, ring, diamond,
 * cross, triangle; plain dots while they are small.
 */
export const fragmentShader = `#version 300 es
precision highp float;
flat in uint v_status;
flat in vec2 v_heading;
uniform vec3 u_colours[6];
uniform vec3 u_halo;
uniform float u_spritePx;
uniform float u_radiusPx;
uniform float u_haloPx;
uniform bool u_isDot;
out vec4 colour;

float box(vec2 p, vec2 half_) {
	vec2 d = abs(p) - half_;
	return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}

float arrow(vec2 p, float r) {
	vec2 q = vec2(abs(p.x), p.y) / r;
	float side = dot(q - vec2(0.0, -1.1), vec2(0.9126, -0.4088));
	float notch = dot(q - vec2(0.0, 0.5), vec2(-0.4472, 0.8944));
	return max(side, notch) * r;
}

float triangle(vec2 p, float r) {
	vec2 q = vec2(abs(p.x), p.y + 0.12 * r);
	return max(dot(q - vec2(0.0, -r), vec2(0.8742, -0.4856)), p.y - 0.75 * r);
}

float shape(uint status, vec2 p, float r) {
	if (u_isDot) return length(p) - r;
	if (status == 0u)
		return arrow(vec2(v_heading.x * p.x + v_heading.y * p.y, v_heading.x * p.y - v_heading.y * p.x), r);
	if (status == 1u) return box(p, vec2(0.78 * r));
	if (status == 2u) return abs(length(p) - 0.72 * r) - 0.26 * r;
	if (status == 3u) return (abs(p.x) + abs(p.y) - 1.1 * r) * 0.7071;
	if (status == 4u) {
		vec2 q = vec2(p.x + p.y, p.y - p.x) * 0.7071;
		return min(box(q, vec2(r, 0.3 * r)), box(q, vec2(0.3 * r, r)));
	}
	return triangle(p, r);
}

void main() {
	vec2 p = (gl_PointCoord - 0.5) * u_spritePx;
	float distance_ = shape(v_status, p, u_radiusPx);
	float inside = clamp(0.5 - distance_, 0.0, 1.0);
	float around = clamp(0.5 - (distance_ - u_haloPx), 0.0, 1.0);
	if (around <= 0.0) discard;
	colour = vec4(mix(u_halo, u_colours[min(v_status, 5u)], inside), 1.0) * around;
}`;
