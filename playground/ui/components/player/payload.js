// The movie's bytes as views, one per frame and array. The format is described in playground/movie/payload.py.

const HOLE = 255; // the uint8 level that means "no value"

class Track { // one array; `frames` holds a view per frame (no copies), or a single view if it does not move
  constructor(ref, buffer, base) {
    const Type = ref.$ === 'u1' ? Uint8Array : Float32Array;
    this.moving = ref.moving;
    this.levels = ref.$ === 'u1';
    this.shape = ref.moving ? ref.shape.slice(1) : ref.shape;
    this.size = this.shape.reduce((a, b) => a * b, 1);
    const count = ref.at === null ? 0 : ref.moving ? ref.shape[0] : 1;
    const step = this.size * Type.BYTES_PER_ELEMENT;
    this.frames = Array.from({ length: count }, (_, i) => new Type(buffer, base + ref.at + i * step, this.size));
  }

  at(pos, join = true) { // the values at a fractional frame
    if (!this.moving) return this.frames[0];
    const i = Math.min(Math.floor(pos), this.frames.length - 1), f = pos - i;
    const a = this.frames[i], b = this.frames[i + 1];
    if (!b || f < 1e-3) return a;
    if (!join) return f < 0.5 ? a : b;
    const mixed = (this.mixed ??= new Float32Array(this.size)); // scratch: the next call overwrites it
    for (let k = 0; k < mixed.length; k++) mixed[k] = a[k] + (b[k] - a[k]) * f; // NaN on either side stays NaN
    if (this.levels) for (let k = 0; k < mixed.length; k++) if (a[k] === HOLE || b[k] === HOLE) mixed[k] = HOLE;
    return mixed;
  }

  number(pos) { return this.at(pos)[0]; }
}

function decode(bytes) {
  // A Float32Array must start at a multiple of 4, and protobuf hands out views at any offset: copy where it does not
  const b = bytes.byteOffset % 8 ? bytes.slice() : bytes;
  if (String.fromCharCode(...b.subarray(0, 4)) !== 'GPM1') throw Error('player: this is not a GPM1 payload');
  const size = new DataView(b.buffer, b.byteOffset).getUint32(4, true), base = b.byteOffset + 8 + size;
  const tracks = [];
  const open = (_, value) => {
    if (!value?.$) return value;
    tracks.push(new Track(value, b.buffer, base));
    return tracks.at(-1);
  };
  const movie = JSON.parse(new TextDecoder().decode(b.subarray(8, 8 + size)), open);
  return Object.assign(movie, { tracks });
}

// Two movies of equal structure have the same tracks in the same order, and can share the page's elements.
const structure = movie => JSON.stringify([
  movie.pick,
  movie.columns,
  movie.below,
  movie.panels.map(p => [p.title, p.bare, !!p.captions, p.layers.map(l => [l.kind, l.name, !!l.group, !!l.weight])]),
  movie.charts.map(c => [c.title, c.curves.map(k => k.name), c.truth?.name]),
]);

function append(old, next) { // `next` holds only the frames from next.first on: puts the older ones in front of them
  next.tracks.forEach((track, i) => {
    const known = old.tracks[i].frames;
    track.frames = track.moving ? known.slice(0, next.first).concat(track.frames) : known;
  });
  const both = (older, newer) => newer && older.slice(0, next.first).concat(newer);
  next.text = both(old.text, next.text);
  next.panels.forEach((panel, i) => (panel.captions = both(old.panels[i].captions, panel.captions)));
}
