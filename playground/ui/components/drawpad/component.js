// A sheet to draw a digit on (28 × 28 grey levels out) or to place points on (coordinates out).
// Both are a list of strokes of points in [0, 1]² (y down), so undo, clear, touch and keyboard are written once.

const PADS = new WeakMap(); // ShadowRoot -> Pad
const PARTS = ['sheet', 'preview', 'small', 'undo', 'clear', 'count'];
const PEN = 0.078; // of the sheet: 2.2 of 28 pixels, as in MNIST
const SPACING = { digit: 0.003, points: 0.035 }; // between places of one stroke
const STRIDE = 0.025; // of an arrow key
const FINE = 280; // pixels that are averaged to 28

const unit = v => Math.max(0, Math.min(1, v));

class Pad {
  constructor(root) {
    this.root = root;
    for (const name of PARTS) this[name] = root.querySelector(`.${name}`);
    this.strokes = [];
    const { sheet } = this;
    const place = e => {
      const r = sheet.getBoundingClientRect();
      return [unit((e.clientX - r.left) / r.width), unit((e.clientY - r.top) / r.height)];
    };
    sheet.onpointerdown = e => {
      if (e.button) return;
      sheet.setPointerCapture(e.pointerId);
      this.begin(place(e));
    };
    sheet.onpointermove = e => {
      if (this.down) for (const p of e.getCoalescedEvents?.() ?? [e]) this.extend(place(p));
    };
    sheet.onpointerup = sheet.onpointercancel = () => this.end();
    sheet.onkeydown = e => this.key(e);
    sheet.onblur = () => {
      this.end();
      this.pen = null;
      this.draw();
    };
    this.undo.onclick = () => this.take(this.strokes.slice(0, -1));
    this.clear.onclick = () => this.take([]);
    const draw = () => this.data && this.draw();
    sheet.ontransitionend = draw; // of the colour, see component.css
    this.resizing = new ResizeObserver(draw);
    this.resizing.observe(sheet);
  }

  destroy() {
    this.resizing.disconnect();
    clearTimeout(this.timer);
  }

  load(data) {
    const fresh = data.epoch !== this.data?.epoch;
    this.data = data;
    if (fresh) this.strokes = (data.start ?? []).map(([x, y]) => [this.inward(x, y)]);
    this.preview.hidden = data.mode !== 'digit';
    const keys = data.mode === 'digit' ? 'space puts the pen down or up' : 'Enter places a point';
    const label = `${data.alt}. Arrow keys move, ${keys}, Backspace undoes, Delete clears.`;
    this.sheet.setAttribute('aria-label', label);
    this.changed(); // also where this call is about the theme only
  }

  inward(x, y) {
    const [x0, x1, y0, y1] = this.data.extent;
    return [(x - x0) / (x1 - x0), (y1 - y) / (y1 - y0)];
  }

  outward([u, v]) {
    const [x0, x1, y0, y1] = this.data.extent;
    return [x0 + u * (x1 - x0), y1 - v * (y1 - y0)];
  }

  // ------------------------------------------------------------ strokes

  get full() { return this.data.mode === 'points' && this.strokes.flat().length >= this.data.limit; }

  begin(p) {
    if (this.full) return;
    this.strokes.push([p]);
    this.down = true;
    this.changed();
    this.soon();
  }

  extend(p) {
    const stroke = this.strokes.at(-1), q = stroke.at(-1);
    if (this.full || Math.hypot(p[0] - q[0], p[1] - q[1]) < SPACING[this.data.mode]) return;
    stroke.push(p);
    this.changed();
    this.soon();
  }

  end() {
    if (!this.down) return;
    this.down = false;
    this.send();
  }

  take(strokes) {
    this.down = false;
    this.strokes = strokes;
    this.changed();
    this.send();
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    const press = e.key === ' ' || e.key === 'Enter', erase = { Backspace: this.undo, Delete: this.clear }[e.key];
    if (!by && !press && !erase) return;
    e.preventDefault();
    e.stopPropagation();
    this.pen ??= [0.5, 0.5];
    if (erase) erase.click();
    else if (by) this.move(by);
    else if (this.down) this.end();
    else this.begin(this.pen);
    if (press && this.data.mode === 'points') this.end(); // a point is no stroke
    this.draw();
  }

  move([dx, dy]) {
    this.pen = [unit(this.pen[0] + dx * STRIDE), unit(this.pen[1] + dy * STRIDE)];
    if (this.down) this.extend(this.pen);
  }

  changed() {
    const n = this.strokes.flat().length;
    this.undo.disabled = this.clear.disabled = !n;
    this.count.textContent = this.data.mode === 'points' ? `${n} of ${this.data.limit} points` : '';
    this.draw();
  }

  soon() { // while drawing, at most 8 a second
    if (this.data.live) this.timer ??= setTimeout(() => this.send(), 120);
  }

  send() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.data.mode === 'points') {
      this.setState('points', { epoch: this.data.epoch, points: this.strokes.flat().map(p => this.outward(p)) });
    } else {
      this.setState('pixels', this.strokes.length ? btoa(String.fromCharCode(...this.grey())) : null);
    }
  }

  // ------------------------------------------------------------ pixels

  ink(c, size, color, map = p => p) { // the strokes as polylines with round ends
    Object.assign(c, { strokeStyle: color, lineWidth: PEN * size, lineCap: 'round', lineJoin: 'round' });
    for (const stroke of this.strokes) {
      const places = stroke.map(map).map(([x, y]) => [x * size, y * size]);
      if (places.length === 1) places.push([places[0][0] + 0.01, places[0][1]]); // a line of no length has no ends
      c.beginPath();
      for (const [x, y] of places) c.lineTo(x, y);
      c.stroke();
    }
  }

  render(map) { // 784 grey levels 0..255, 0 is paper; drawn ten times too large and averaged: edges are true coverages
    const c = new OffscreenCanvas(FINE, FINE).getContext('2d', { willReadFrequently: true });
    this.ink(c, FINE, '#000', map);
    const { data } = c.getImageData(0, 0, FINE, FINE), out = new Float32Array(784), side = FINE / 28;
    for (let y = 0; y < FINE; y++) {
      for (let x = 0; x < FINE; x++) {
        const alpha = data[4 * (y * FINE + x) + 3]; // is the ink
        out[Math.floor(y / side) * 28 + Math.floor(x / side)] += alpha / side ** 2;
      }
    }
    return out;
  }

  grey() { // as bytes; centered: MNIST's recipe, a box of 20 × 20 with the centre of mass in the middle of 28 × 28
    if (!this.data.centered) return Uint8Array.from(this.render());
    const xs = this.strokes.flat().map(p => p[0]), ys = this.strokes.flat().map(p => p[1]);
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const zoom = Math.min(3, (20 / 28 - PEN) / Math.max(x1 - x0, y1 - y0, 1e-3)); // a dot must not fill the box
    const fit = (dx, dy) => ([x, y]) => [0.5 + (x - (x0 + x1) / 2) * zoom + dx, 0.5 + (y - (y0 + y1) / 2) * zoom + dy];
    const first = this.render(fit(0, 0)), mass = first.reduce((a, b) => a + b, 0);
    const mean = place => first.reduce((sum, v, i) => sum + v * (place(i) + 0.5), 0) / mass / 28;
    return Uint8Array.from(this.render(fit(0.5 - mean(i => i % 28), 0.5 - mean(i => Math.floor(i / 28)))));
  }

  draw() {
    const { sheet, data } = this, ratio = devicePixelRatio || 1, size = sheet.clientWidth, c = sheet.getContext('2d');
    const text = getComputedStyle(this.root).color, { color: dots, borderColor } = getComputedStyle(sheet);
    if (sheet.width !== Math.round(size * ratio)) sheet.width = sheet.height = Math.round(size * ratio);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, size, size);
    if (data.mode === 'digit') {
      this.ink(c, size, text);
      this.drawSmall();
    } else {
      c.fillStyle = borderColor;
      for (const v of [0.25, 0.5, 0.75]) {
        c.fillRect(v * size, 0, 1, size);
        c.fillRect(0, v * size, size, 1);
      }
      c.fillStyle = dots;
      for (const [x, y] of this.strokes.flat()) {
        c.beginPath();
        c.arc(x * size, y * size, 4, 0, 6.2832);
        c.fill();
      }
    }
    if (!this.pen) return;
    Object.assign(c, { strokeStyle: text, lineWidth: 2 });
    c.beginPath();
    c.arc(this.pen[0] * size, this.pen[1] * size, 9, 0, 6.2832);
    c.stroke();
  }

  drawSmall() { // as the model sees it: light ink on black, in both themes
    const c = this.small.getContext('2d'), image = c.createImageData(28, 28);
    const grey = this.strokes.length ? this.grey() : new Uint8Array(784);
    grey.forEach((v, i) => image.data.set([v, v, v, 255], 4 * i));
    c.putImageData(image, 0, 0);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let pad = PADS.get(parentElement);
  if (!pad?.root.isConnected) PADS.set(parentElement, (pad = new Pad(parentElement.querySelector('.pad'))));
  pad.setState = setStateValue; // the closure of this call: earlier ones are stale
  pad.load(data);
  return () => pad.root.isConnected || pad.destroy(); // also called when newer data overtook this call
}
