// A scatter plot to work on: a click places a point, a drag moves one, off the sheet it is gone.
// Parts before this one, the player's: payload.js, look.js, layers.js, axes.js.
// As with the live slider, every message has a turn; Python answers with the last turn it has seen, and its points are
// taken over only if they are no older than ours, so that a point never jumps back under the finger.

const SHEETS = new WeakMap(); // ShadowRoot -> Sheet
const GAP = 40; // ms between two messages of a drag
const REACH = { mouse: 11, pen: 14, touch: 22 }; // px within which a point is meant
const OFF = 28; // px beyond the frame where a dragged point is taken away
const PARTS = ['canvas', '.undo', '.reset', '.clear', '.count', '.readout', '.hint'];
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

class Sheet {
  constructor(root) {
    this.root = root;
    for (const part of PARTS) this[part.replace('.', '')] = root.querySelector(part);
    const { canvas } = this;
    this.view = { figure: root.querySelector('figure'), canvas, index: 0, tiles: new Map() };
    Object.assign(this, { points: [], past: [], turn: 0, last: 0 });
    canvas.onpointerdown = e => this.press(e);
    canvas.onpointermove = e => this.hover(e);
    canvas.onpointerup = e => this.release(e);
    canvas.onpointercancel = () => this.cancel();
    canvas.onpointerleave = () => this.aim(null);
    canvas.onblur = () => this.drop();
    canvas.onkeydown = e => this.key(e);
    // a finger on a point moves it; anywhere else it scrolls the page, and a tap places a point
    const scrolls = e => this.near(this.at(e.touches[0]), 'touch') < 0;
    canvas.addEventListener('touchstart', e => scrolls(e) || e.preventDefault(), { passive: false });
    this.undo.onclick = () => this.back();
    this.reset.onclick = () => this.change(this.data.start);
    this.clear.onclick = () => this.change([]);
    const dress = () => this.movie && this.request();
    root.querySelector('.probe').ontransitionend = dress;
    this.resizing = new ResizeObserver(dress);
    this.resizing.observe(root);
  }

  destroy() {
    this.resizing.disconnect();
    cancelAnimationFrame(this.raf);
    clearTimeout(this.timer);
  }

  load(data) {
    if (data.movie !== this.data?.movie) this.movie = decode(Uint8Array.from(atob(data.movie), c => c.charCodeAt(0)));
    this.data = data;
    if (data.turn >= this.turn && this.held === undefined && !this.timer) { // what is about to be sent is newer
      this.turn = data.turn;
      if (!same(data.points, this.points)) [this.points, this.past] = [data.points, []]; // a preset, a link, a new draw
    }
    const keys = 'Arrow keys move a cross, Enter places a point or picks up the one there, Delete removes it, ' +
      'Backspace undoes.';
    this.canvas.setAttribute('aria-label', `${data.alt}. ${keys}`);
    write(this.hint, data.hint);
    this.request();
  }

  // ------------------------------------------------------------ points

  get panel() { return this.movie.panels[0]; }

  at(e) { // where on the canvas, px
    const box = this.canvas.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  }

  place([px, py]) { // there in the plot's coordinates, on the sheet
    const [x0, x1, y0, y1] = this.panel.extent, [x, y] = this.view.inverse(px, py);
    return [this.round(clamp(x, x0, x1)), this.round(clamp(y, y0, y1))];
  }

  round(v) { return +v.toFixed(this.data.digits); }

  beyond([px, py]) { // how far outside the frame, px
    const [left, top, w, h] = this.view.box;
    return Math.max(left - px, px - left - w, top - py, py - top - h);
  }

  near([px, py], pointer) { // the index of the point that is meant, or -1
    const { X, Y } = this.view, far = this.points.map(([x, y]) => Math.hypot(X(x) - px, Y(y) - py));
    const closest = far.indexOf(Math.min(...far));
    return far[closest] <= (REACH[pointer] ?? REACH.mouse) ? closest : -1;
  }

  add(place) { // returns whether there was room
    this.refused = this.points.length >= this.data.most;
    if (!this.refused) this.points = [...this.points, place];
    this.request();
    return !this.refused;
  }

  change(points) { // one step, which undo takes back
    this.drop();
    this.past.push(this.points);
    this.become(points);
  }

  back() {
    this.drop();
    if (this.past.length) this.become(this.past.pop());
  }

  become(points) {
    this.points = points;
    this.refused = false;
    this.send();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    this.turn += 1;
    const points = this.off ? this.points.filter((_, i) => i !== this.held) : this.points;
    this.setState('points', { points, rest: this.held === undefined, turn: this.turn });
    this.request();
  }

  soon() { // while a point is moved
    const wait = GAP - (performance.now() - this.last);
    if (wait <= 0) this.send();
    else this.timer ??= setTimeout(() => this.send(), wait);
    this.request();
  }

  // ------------------------------------------------------------ mouse, pen and finger

  press(e) {
    if (e.button || !this.movie) return;
    this.drop();
    const at = this.at(e), index = this.near(at, e.pointerType);
    this.pen = null;
    if (index < 0 && (e.pointerType === 'touch' || this.beyond(at) > 0)) {
      this.tap = e.pointerType === 'touch' && this.beyond(at) <= 0 ? at : null;
      return;
    }
    this.before = this.points;
    if (index < 0 && !this.add(this.place(at))) return;
    this.canvas.setPointerCapture(e.pointerId);
    this.held = index < 0 ? this.points.length - 1 : index;
    if (index < 0) this.soon();
    else this.request();
  }

  hover(e) {
    const at = this.at(e);
    if (this.held !== undefined && !this.pen) {
      this.off = this.beyond(at) > OFF;
      const place = this.place(at);
      if (!same(place, this.points[this.held]) || this.off) {
        this.points = this.points.with(this.held, place);
        this.soon();
      }
    } else if (e.pointerType !== 'touch') {
      this.canvas.classList.toggle('over', this.near(at, e.pointerType) >= 0);
    }
    this.aim(this.beyond(at) <= 0 ? this.place(at) : null);
  }

  release(e) {
    if (this.tap) {
      const before = this.points;
      if (Math.hypot(this.at(e)[0] - this.tap[0], this.at(e)[1] - this.tap[1]) < 10 && this.add(this.place(this.tap))) {
        this.past.push(before);
        this.send();
      }
      this.tap = null;
    } else if (!this.pen) {
      this.drop();
    }
  }

  cancel() {
    this.tap = null;
    this.drop();
  }

  drop() { // lets go of the point that is held
    if (this.held === undefined) return;
    if (this.off) this.points = this.points.filter((_, i) => i !== this.held);
    this.held = this.off = undefined;
    if (!same(this.points, this.before)) this.past.push(this.before);
    this.send();
  }

  aim(place) {
    this.aimed = place;
    this.request();
  }

  // ------------------------------------------------------------ keys

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || !this.movie) return;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
    if (!by && !['Enter', ' ', 'Delete', 'Backspace', 'Escape'].includes(e.key)) return;
    e.preventDefault();
    e.stopPropagation();
    const [x0, x1, y0, y1] = this.panel.extent, { X, Y } = this.view;
    this.pen ??= [this.round((x0 + x1) / 2), this.round((y0 + y1) / 2)];
    const under = this.near([X(this.pen[0]), Y(this.pen[1])], 'mouse');
    if (by) this.step(by, e.shiftKey ? 0.1 : 0.02);
    else if (e.key === 'Backspace') this.back();
    else if (e.key === 'Delete') under < 0 || this.change(this.points.filter((_, i) => i !== under));
    else if (e.key === 'Escape') this.leave();
    else if (this.held !== undefined) this.drop();
    else if (under >= 0) this.pickUp(under);
    else if (this.points.length < this.data.most) this.change([...this.points, this.pen]);
    else this.refused = true;
    this.request();
  }

  step([dx, dy], stride) {
    const [x0, x1, y0, y1] = this.panel.extent, [x, y] = this.pen;
    this.pen = [
      this.round(clamp(x + dx * stride * (x1 - x0), x0, x1)), this.round(clamp(y + dy * stride * (y1 - y0), y0, y1)),
    ];
    if (this.held === undefined) return;
    this.points = this.points.with(this.held, this.pen);
    this.soon();
  }

  pickUp(index) {
    this.before = this.points;
    this.held = index;
    this.pen = this.points[index];
  }

  leave() {
    this.drop();
    this.pen = null;
  }

  // ------------------------------------------------------------ what is on screen

  request() { this.raf ??= requestAnimationFrame(() => this.draw()); }

  draw() {
    this.raf = null;
    if (!this.root.isConnected) return; // what was taken off the page has no colours
    const { view, movie, panel, points, pen, held } = this, theme = readTheme(this.root);
    layPanel(view, panel, movie.height, theme);
    const cross = pen && { x: pen[0], y: pen[1] };
    drawPanel(view, panel, panel.layers, 0, { aimed: cross }, theme);
    const c = view.canvas.getContext('2d'), { X, Y, zoom } = view;
    c.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    points.forEach(([x, y], i) => {
      c.globalAlpha = i === held && this.off ? 0.3 : 1;
      for (const [color, more] of [[theme.background, 1.5], [theme.data, 0]]) {
        c.fillStyle = color;
        marker(c, 'circle', X(x), Y(y), (i === held ? 5.5 : 4) * clamp(zoom, 0.9, 1.25) + more);
      }
    });
    this.tell();
  }

  tell() {
    const { points, data, pen, canvas } = this, n = points.length, shown = pen ?? this.aimed;
    canvas.classList.toggle('held', this.held !== undefined);
    this.undo.disabled = !this.past.length;
    this.reset.disabled = same(points, data.start);
    this.clear.disabled = !n;
    this.count.classList.toggle('full', !!this.refused);
    write(this.count, this.refused ? `${data.most} points are the most` : `${n} of ${data.most} points`);
    const [x0, x1, y0, y1] = this.panel.extent;
    const text = ([x, y]) => `x ${number(x, digitsFor(x1 - x0))}  y ${number(y, digitsFor(y1 - y0))}`;
    write(this.readout, shown ? text(shown) : '');
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let sheet = SHEETS.get(parentElement);
  if (!sheet?.root.isConnected) {
    sheet = new Sheet(parentElement.querySelector('.scatter'));
    SHEETS.set(parentElement, sheet);
  }
  sheet.setState = setStateValue; // the closure of this call: earlier ones are stale
  sheet.load(data);
  return () => sheet.root.isConnected || sheet.destroy(); // also called when newer data overtook this call
}
