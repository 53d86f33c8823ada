import type { CustomLayerInterface } from 'maplibre-gl';
import { recordBytes, statusByte } from '#contract/position-record.ts';
import { type Camera, stepsPerPx } from './camera.ts';
import { type Palette, rgbOf } from './palette.ts';
import { fragmentShader, vertexShader } from './point-shaders.ts';

export const pointLayerId = 'fleet';

export interface PointLayer extends CustomLayerInterface {
	/** Draws these records from the next frame on. */
	setPoints(records: Uint32Array): void;
	setPalette(palette: Palette): void;
}

interface Drawing {
	readonly gl: WebGL2RenderingContext;
	readonly program: WebGLProgram;
	readonly vertexArray: WebGLVertexArrayObject;
	readonly buffer: WebGLBuffer;
	uniform(name: string): WebGLUniformLocation | null;
}

const wordsOfRecord = 3;
const haloPx = 1.6;
/** So many points are drawn as dots: shapes would run into each other. */
const crowd = 4_000;
const dotPx = 7;

/** Devices that are drawn one by one, straight from their packed records. */
export function createPointLayer(camera: () => Camera, initial: Palette): PointLayer {
	let records = new Uint32Array(0);
	let palette = initial;
	let isUploaded = true;
	let drawing: Drawing | null = null;

	return {
		id: pointLayerId,
		type: 'custom',
		renderingMode: '2d',
		setPoints(next) {
			records = new Uint32Array(next);
			isUploaded = false;
		},
		setPalette(next) {
			palette = next;
		},
		onAdd(_map, gl) {
			if (!(gl instanceof WebGL2RenderingContext)) throw new Error('The map needs WebGL 2.');
			drawing = prepare(gl);
			isUploaded = false;
		},
		onRemove() {
			if (drawing === null) return;
			const { gl, program, vertexArray, buffer } = drawing;
			gl.deleteProgram(program);
			gl.deleteVertexArray(vertexArray);
			gl.deleteBuffer(buffer);
			drawing = null;
		},
		render() {
			if (drawing === null) return;
			if (!isUploaded) upload(drawing, records);
			isUploaded = true;
			if (records.length > 0) draw(drawing, records.length / wordsOfRecord, camera(), palette);
		},
	};
}

function prepare(gl: WebGL2RenderingContext): Drawing {
	const program = gl.createProgram();
	for (const [type, source] of [
		[gl.VERTEX_SHADER, vertexShader],
		[gl.FRAGMENT_SHADER, fragmentShader],
	] as const) {
		const shader = gl.createShader(type);
		if (shader === null) throw new Error('The graphics context is lost.');
		gl.shaderSource(shader, source);
		gl.compileShader(shader);
		gl.attachShader(program, shader);
		gl.deleteShader(shader);
	}
	gl.linkProgram(program);
	if (!gl.getProgramParameter(program, gl.LINK_STATUS))
		throw new Error(`The points cannot be drawn: ${gl.getProgramInfoLog(program)}`);

	const vertexArray = gl.createVertexArray();
	const buffer = gl.createBuffer();
	gl.bindVertexArray(vertexArray);
	gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
	gl.enableVertexAttribArray(0);
	gl.vertexAttribIPointer(0, 2, gl.UNSIGNED_INT, recordBytes, 0);
	gl.enableVertexAttribArray(1);
	gl.vertexAttribIPointer(1, 4, gl.UNSIGNED_BYTE, recordBytes, statusByte);
	// MapLibre keeps its own vertex arrays; ours must not catch what it sets.
	gl.bindVertexArray(null);
	const locations = new Map<string, WebGLUniformLocation | null>();
	return {
		gl,
		program,
		vertexArray,
		buffer,
		uniform(name) {
			if (!locations.has(name)) locations.set(name, gl.getUniformLocation(program, name));
			return locations.get(name) ?? null;
		},
	};
}

function upload({ gl, buffer }: Drawing, records: Uint32Array): void {
	gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
	gl.bufferData(gl.ARRAY_BUFFER, records, gl.DYNAMIC_DRAW);
	gl.bindBuffer(gl.ARRAY_BUFFER, null);
}

/** Diameter of a device's shape, px. */
export function pointPx(zoom: number, count: number): number {
	return count > crowd ? dotPx : Math.max(11, Math.min(16, 11 + (zoom - 6) * 0.8));
}

function draw(
	{ gl, program, vertexArray, uniform }: Drawing,
	count: number,
	camera: Camera,
	palette: Palette,
): void {
	const density = gl.drawingBufferWidth / camera.widthPx;
	const sizePx = pointPx(camera.zoom, count);
	const clipPerStep = 2 / stepsPerPx(camera.zoom);
	// biome-ignore lint/correctness/useHookAtTopLevel: WebGL's program, not a hook of React's
	gl.useProgram(program);
	gl.bindVertexArray(vertexArray);
	gl.uniform2ui(uniform('u_center'), Math.round(camera.centerX), Math.round(camera.centerY));
	gl.uniform2f(
		uniform('u_clipPerStep'),
		clipPerStep / camera.widthPx,
		-clipPerStep / camera.heightPx,
	);
	gl.uniform1f(uniform('u_spritePx'), (sizePx + 2 * haloPx + 2) * density);
	gl.uniform1f(uniform('u_radiusPx'), (sizePx / 2) * density);
	gl.uniform1f(uniform('u_haloPx'), haloPx * density);
	gl.uniform1i(uniform('u_isDot'), sizePx < 11 ? 1 : 0);
	gl.uniform3fv(uniform('u_colours'), palette.statuses.flatMap(rgbOf));
	gl.uniform3fv(uniform('u_halo'), rgbOf(palette.panel));
	gl.enable(gl.BLEND);
	gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
	gl.disable(gl.DEPTH_TEST);
	gl.disable(gl.STENCIL_TEST);
	gl.drawArrays(gl.POINTS, 0, count);
	gl.bindVertexArray(null);
}
