// Just enough PNG for the README's pictures: screenshots read, palettes written, several as one that moves.
import { createHash } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

const TABLE = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(type, ...parts) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), ...parts.map((part) => Buffer.from(part))]);
  return Buffer.concat([u32(body.length - 4), body, u32(crc(body))]);
}
const u32 = (...numbers) => Buffer.concat(numbers.map((n) => { const four = Buffer.alloc(4); four.writeUInt32BE(n); return four; }));
const u16 = (...numbers) => Buffer.concat(numbers.map((n) => { const two = Buffer.alloc(2); two.writeUInt16BE(n); return two; }));

function* chunks(png) {
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield [png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length)];
    at += length + 12;
  }
}

/// A screenshot as colours, one number a pixel.
export function read(png) {
  let width, height, depth;
  const data = [];
  for (const [type, body] of chunks(png)) {
    if (type === "IHDR") {
      [width, height, depth] = [body.readUInt32BE(0), body.readUInt32BE(4), { 2: 3, 6: 4 }[body[9]]];
      if (body[8] !== 8 || !depth || body[12]) throw new Error("a PNG of another kind than the browser draws");
    }
    if (type === "IDAT") data.push(body);
  }
  const raw = inflateSync(Buffer.concat(data)), stride = width * depth;
  const line = new Uint8Array(stride), above = new Uint8Array(stride), pixels = new Uint32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const left = x < depth ? 0 : line[x - depth], up = above[x], corner = x < depth ? 0 : above[x - depth];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      line[x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = (line[x * depth] << 16) | (line[x * depth + 1] << 8) | line[x * depth + 2];
    above.set(line);
  }
  return { width, height, pixels };
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/// The 256 colours that are seen most; the others become the nearest of them.
function palette(frames) {
  const counts = new Map();
  for (const { pixels } of frames) for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const all = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  // Of colours that look alike, one is enough.
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const distance = (a, b) => { const [p, q] = [parts(a), parts(b)]; return (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2; };
  const kept = [];
  for (const tolerance of [64, 16, 0]) {
    for (const colour of all) {
      if (kept.length === 256) break;
      if (!kept.some((one) => distance(one, colour) <= tolerance)) kept.push(colour);
    }
  }
  const place = new Map();
  for (const colour of all) {
    let best = 0;
    kept.forEach((one, at) => { if (distance(one, colour) < distance(kept[best], colour)) best = at; });
    place.set(colour, best);
  }
  return { place, bytes: Buffer.from(kept.flatMap(parts)) };
}

/// The part that differs from the frame before.
function changed(before, { width, height, pixels }) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  pixels.forEach((colour, at) => {
    if (before && before.pixels[at] === colour) return;
    const x = at % width, y = (at - x) / width;
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  });
  return right < 0 ? { left: 0, top: 0, w: 1, h: 1 } : { left, top, w: right - left + 1, h: bottom - top + 1 };
}

function packed({ width, pixels }, { left, top, w, h }, place) {
  const raw = Buffer.alloc((w + 1) * h);
  for (let y = 0; y < h; y += 1) for (let x = 0; x < w; x += 1) raw[y * (w + 1) + 1 + x] = place.get(pixels[(top + y) * width + left + x]);
  return deflateSync(raw, { level: 9 });
}

/// One picture, or several that follow each other after `millis` each, over and over. `words` go with it.
export function write(frames, words) {
  const { width, height } = frames[0], { place, bytes } = palette(frames);
  const parts = [SIGNATURE, chunk("IHDR", u32(width, height), [8, 3, 0, 0, 0]), chunk("PLTE", bytes),
    chunk("iTXt", "Rung\0\0\0\0\0", Buffer.from(words))];
  if (frames.length > 1) parts.push(chunk("acTL", u32(frames.length, 0)));
  let n = 0;
  frames.forEach((frame, at) => {
    const part = changed(frames[at - 1], frame);
    if (frames.length > 1) parts.push(chunk("fcTL", u32(n++, part.w, part.h, part.left, part.top), u16(frame.millis, 1000), [0, 0]));
    const data = packed(frame, part, place);
    parts.push(at === 0 ? chunk("IDAT", data) : chunk("fdAT", u32(n++), data));
  });
  return Buffer.concat([...parts, chunk("IEND")]);
}

/// The words that were written into a picture.
export function words(png) {
  for (const [type, body] of chunks(png)) if (type === "iTXt" && body.toString("latin1", 0, 5) === "Rung\0") return body.subarray(9).toString();
  return "";
}

export const fingerprint = (...texts) => createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 12);
