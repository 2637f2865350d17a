// Plays a movie in 1..32 linked panels beside charts with a cursor, over one time line.
// Contracts: the default function runs again with every new data or theme, so it must be idempotent; data reaches the
// page only as canvas pixels, attributes and textContent, never as markup.
// Parts before this one: payload.js, look.js, layers.js, axes.js.

const PLAYERS = new WeakMap(); // ShadowRoot -> Player: what the visitor did outlives the re-runs
const REDUCED = matchMedia('(prefers-reduced-motion: reduce)');
const PARTS = [
  'stage', 'text', 'bar', 'play', 'back', 'forward', 'time', 'label', 'live', 'loop', 'speed', 'legend', 'readout',
];

class Player {
  constructor(root) {
    this.root = root;
    const ui = (this.ui = Object.fromEntries(PARTS.map(name => [name, root.querySelector(`.${name}`)])));
    this.off = new Set(); // names of hidden layers; a name means the same in every panel
    this.pos = 0; // fractional frame
    this.asked = 0;
    ui.play.onclick = () => this.play(!this.playing);
    ui.back.onclick = () => this.step(-1);
    ui.forward.onclick = () => this.step(1);
    ui.loop.onclick = () => ui.loop.setAttribute('aria-pressed', (this.loop = !this.loop));
    ui.live.onclick = () => {
      this.play(false);
      this.follow = true;
    };
    ui.time.oninput = () => this.seek(+ui.time.value);
    ui.time.onchange = () => this.commit();
    root.onkeydown = e => this.key(e);
    const dress = () => root.isConnected && this.movie && this.dress(); // what was removed is resized, too: to nothing
    root.querySelector('.probe').ontransitionend = dress;
    this.resizing = new ResizeObserver(dress); // the type may have grown, too
    this.resizing.observe(root);
  }

  destroy() {
    this.resizing.disconnect();
    cancelAnimationFrame(this.raf);
    clearTimeout(this.later);
  }

  // ------------------------------------------------------------ data

  load(bytes) {
    if (bytes !== this.bytes) this.accept(decode((this.bytes = bytes))); // else this call is about the theme
    if (!this.movie) return;
    this.dress();
    if (this.reported === undefined || this.follow) this.describe();
    else this.commit(); // another movie may have moved the place that the server knows
  }

  accept(next) {
    const old = this.movie, alike = old && structure(old) === structure(next);
    const same = old && next.run !== null && old.run === next.run;
    if (next.first > 0) {
      const have = same && alike ? old.frames : 0; // a newer message may have overtaken the one in between
      if (next.first > have) return this.setState('missing', { run: next.run, have, nth: ++this.asked });
      append(old, next);
    }
    const last = next.frames - 1, atEnd = old && this.pos > old.frames - 1.5;
    this.movie = next;
    if (!alike) this.build();
    if (!old) this.pos = next.live || next.start < 0 ? last : Math.min(next.start, last);
    else this.pos = !same && atEnd ? last : Math.min(this.pos, last); // a knob's new movie stays at the time looked at
    if (same && !old.live && (next.live || next.frames > old.frames)) this.follow = true; // what was over goes on
    else if (next.live) this.follow = same ? this.follow || (atEnd && !this.playing) : true;
    else this.follow &&= this.pos < last; // a run that is over glides to its end
    if (String(old?.panels.map(p => p.extent)) !== String(next.panels.map(p => p.extent))) this.picked = null;
    next.charts.forEach(fixRange);
    this.ui.time.max = last;
    this.ui.bar.hidden = next.frames < 2 && !next.live;
  }

  build() { // the page's elements for a new structure
    const { ui: { stage, legend }, movie } = this;
    stage.replaceChildren();
    const small = movie.columns > 4;
    stage.classList.toggle('grid', !!movie.columns);
    stage.classList.toggle('small', small);
    stage.classList.toggle('below', movie.below);
    stage.style.setProperty('--columns', movie.columns);
    stage.style.setProperty('--narrow', Math.min(movie.columns, small ? 4 : 2));
    legend.replaceChildren();
    this.root.setAttribute('aria-label', movie.alt);
    this.views = movie.panels.map((panel, index) => this.buildPanel(panel, index));
    const column = movie.charts.length ? element('div', { className: 'charts' }, stage) : null;
    this.graphs = movie.charts.map(chart => this.buildChart(chart, column));
    const names = new Set(movie.panels.flatMap(p => p.layers.map(l => l.name)));
    this.chips = [...names].map(name => this.buildChip(name, legend));
  }

  buildPanel(panel, index) {
    const { pick } = this.movie, figure = element('figure', { className: 'panel' }, this.ui.stage);
    if (panel.title) element('b', { textContent: panel.title }, element('figcaption', {}, figure));
    const canvas = element('canvas', { className: pick ? 'pick' : '', tabIndex: pick ? 0 : -1 }, figure);
    const caption = panel.captions && element('p', { className: 'caption' }, figure);
    const view = { figure, canvas, caption, index, tiles: new Map() };
    canvas.setAttribute('role', pick ? 'application' : 'img');
    canvas.onpointermove = e => this.hover(view, e);
    canvas.onpointerleave = canvas.onblur = () => this.hover(null);
    canvas.onclick = e => { // a finger never hovers, and has left before the click
      this.hover(view, e);
      this.pick(view);
    };
    canvas.onkeydown = e => this.aim(view, e);
    return view;
  }

  buildChart(chart, column) {
    const figure = element('figure', { className: 'chart' }, column), caption = element('figcaption', {}, figure);
    if (chart.title) element('b', { textContent: chart.title }, caption);
    const signs = [], values = [];
    for (const { name } of chart.truth ? [...chart.curves, chart.truth] : chart.curves) {
      const label = element('span', {}, caption);
      signs.push(element('canvas', { className: 'sign' }, label));
      element('span', { textContent: ` ${name} ` }, label);
      values.push(element('span', { className: 'value' }, label));
    }
    const canvas = element('canvas', { className: 'plot' }, figure), graph = { canvas, signs, values };
    canvas.setAttribute('role', 'img');
    canvas.onpointerdown = e => {
      canvas.setPointerCapture(e.pointerId);
      this.seekTime(graph.inverse(e.offsetX));
    };
    canvas.onpointermove = e => e.buttons && this.seekTime(graph.inverse(e.offsetX));
    canvas.onpointerup = () => this.commit();
    return graph;
  }

  buildChip(name, legend) { // a layer's entry in the legend shows and hides it
    const button = element('button', { type: 'button', title: `Show or hide ${name}` }, legend);
    const sign = element('canvas', { className: 'sign' }, button);
    element('span', { textContent: name }, button);
    button.setAttribute('aria-pressed', !this.off.has(name));
    button.onclick = () => {
      if (!this.off.delete(name)) this.off.add(name);
      button.setAttribute('aria-pressed', !this.off.has(name));
      this.describe();
      this.request();
    };
    return { name, sign, note: element('small', {}, button) };
  }

  layers(name) { return this.movie.panels.flatMap(p => p.layers).filter(l => l.name === name); }

  dress() { // in the page's colours and type
    this.theme = readTheme(this.root);
    for (const { name, sign } of this.chips) swatch(sign, this.layers(name)[0], this.theme);
    this.graphs.forEach(({ signs }, i) => {
      const { curves, truth } = this.movie.charts[i];
      [...curves, truth].slice(0, signs.length).forEach((curve, k) => swatch(signs[k], curve, this.theme));
    });
    this.request();
  }

  // ------------------------------------------------------------ time

  get last() { return this.movie.frames - 1; } // frame numbers start at 0
  get label() {
    const { times, time_name: name, unit, digits } = this.movie, equals = [...name].length === 1 ? ' = ' : ' ';
    return `${name}${equals}${number(times.number(this.pos), digits)}${unit && ` ${unit}`}`;
  }

  play(on) {
    this.playing = on;
    this.clock = on && this.pos >= this.last ? 0 : this.pos;
    if (on) this.follow = false;
    else this.commit();
    this.root.classList.toggle('playing', on);
    this.ui.play.setAttribute('aria-label', on ? 'Pause' : 'Play');
    this.request();
  }

  seek(pos) {
    if (this.playing) this.play(false);
    this.pos = clamp(pos, 0, this.last);
    this.follow = this.movie.live && this.pos > this.last - 0.5;
    this.request();
  }

  seekTime(t) { // to the fractional frame whose time is t; times increase
    const times = this.movie.times.frames.map(v => v[0]);
    const i = clamp(times.findLastIndex(v => v <= t), 0, Math.max(0, this.last - 1));
    this.seek(this.last ? i + clamp((t - times[i]) / (times[i + 1] - times[i]), 0, 1) : 0);
  }

  step(by) {
    this.seek(by > 0 ? Math.floor(this.pos + 1e-6) + by : Math.ceil(this.pos - 1e-6) + by);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.commit(), 250); // a held key is one release
  }

  commit() {
    const frame = Math.round(this.pos);
    if (this.movie.report && frame !== this.reported) this.setState('frame', (this.reported = frame));
    this.describe();
  }

  advance(seconds) {
    const { last, movie } = this, rate = movie.fps * this.ui.speed.value;
    if (this.playing) {
      this.clock += rate * seconds;
      this.pos = Math.min(REDUCED.matches ? Math.floor(this.clock) : this.clock, last); // or whole frames only
      if (this.clock >= last && (movie.live || !this.loop)) {
        this.play(false);
        this.follow = movie.live;
      } else if (this.clock >= last + rate * 0.8) {
        this.clock = 0; // a loop rests on its last frame
      }
    } else if (this.follow && this.pos < last) {
      const glide = this.pos + Math.max(rate, (last - this.pos) * 2.5) * seconds;
      this.pos = REDUCED.matches ? last : Math.min(last, glide);
      if (this.pos === last) this.describe();
    }
  }

  request() { this.raf ??= requestAnimationFrame(now => this.frame(now)); }

  frame(now) {
    this.raf = null;
    if (!this.movie) return;
    this.advance(Math.min(0.1, (now - (this.now ?? now)) / 1000));
    this.draw();
    const moving = this.playing || (this.follow && this.pos < this.last);
    this.now = moving ? now : undefined;
    if (moving) this.request();
  }

  // ------------------------------------------------------------ what is on screen

  draw() {
    const { ui, movie, pos, theme } = this;
    for (const view of this.views) layPanel(view, movie.panels[view.index], movie.height, theme);
    for (const view of this.views) {
      const panel = movie.panels[view.index], shown = panel.layers.filter(l => !this.off.has(l.name));
      drawPanel(view, panel, shown, pos, this, theme);
      if (view.caption) write(view.caption, panel.captions[Math.round(pos)] ?? '');
    }
    this.graphs.forEach((graph, i) => drawChart(graph, movie.charts[i], movie, pos, theme));
    ui.time.value = pos;
    ui.time.style.setProperty('--filled', `${(100 * pos) / (this.last || 1)}%`);
    if (!this.playing) ui.time.setAttribute('aria-valuetext', this.label); // a screen reader would never stop
    write(ui.label, this.label);
    write(ui.text, movie.text?.[Math.round(pos)] ?? '');
    ui.live.hidden = !movie.live;
    write(ui.live, this.follow ? '● live' : '○ go live');
    ui.live.setAttribute('aria-pressed', !!this.follow);
    for (const { name, note } of this.chips) write(note, this.note(name));
    write(ui.readout, this.readout());
  }

  note(name) { // what the legend says beside the layer's name
    const layers = this.layers(name), silent = layers[0].counted === false, sum = key => layers.reduce((s, l) => s + (l[key] || 0), 0), parts = [];
    if (layers[0].kind === 'Field') parts.push(`${number(layers[0].lo)} … ${number(layers[0].hi)}`);
    if (!silent && sum('hidden')) parts.push(`${sum('hidden')} not a number`);
    if (!silent && sum('outside')) parts.push(`${sum('outside')} outside`);
    return parts.join(', ');
  }

  readout() { // the coordinates and every visible field's value at the pointer
    const { aimed, movie } = this;
    if (!aimed) return '';
    const { x, y, extent: [x0, x1, y0, y1] } = movie.panels[0];
    const parts = [`${x} ${number(aimed.x, digitsFor(x1 - x0))}`, `${y} ${number(aimed.y, digitsFor(y1 - y0))}`];
    for (const { name } of this.chips.filter(chip => !this.off.has(chip.name))) {
      const fields = this.layers(name).filter(l => l.kind === 'Field'); // one per panel, from left to right
      const values = fields.map(l => number(fieldValue(l, this.pos, aimed.x, aimed.y), digitsFor(l.hi - l.lo)));
      if (values.length) parts.push(`${name} ${values.join(' | ')}`);
    }
    return parts.join('   ');
  }

  describe() { // alternative texts with the numbers in them; not in every frame
    const { movie, pos } = this;
    const values = chart => chart.curves.map(k => `${k.name} ${number(k.y.number(pos))}`).join(', ');
    const truth = chart => (chart.truth ? `; ${chart.truth.name} ${number(chart.truth.value)}` : '');
    const sentence = movie.text?.[Math.round(pos)];
    const numbers = [this.label, sentence, ...movie.charts.map(values)].filter(Boolean).join('; ');
    const hint = movie.pick ? ' Arrow keys move the cross, Enter picks.' : '';
    this.root.setAttribute('aria-label', movie.alt);
    this.views.forEach(({ canvas }, i) => {
      const { title, layers, captions } = movie.panels[i];
      const told = captions ? `${this.label}; ${captions[Math.round(pos)]}` : numbers;
      const shown = layers.map(l => l.name).filter(name => !this.off.has(name)).join(', ') || 'nothing';
      canvas.setAttribute('aria-label', `${title || movie.alt}. ${told}. Shown: ${shown}.${hint}`);
    });
    this.graphs.forEach(({ canvas }, i) => {
      const chart = movie.charts[i];
      canvas.setAttribute('aria-label', `${chart.title}: ${values(chart)} at ${this.label}${truth(chart)}`);
    });
  }

  // ------------------------------------------------------------ pointer and keys

  hover(view, e) {
    const [x, y] = view?.inverse?.(e.offsetX, e.offsetY) ?? [], [x0, x1, y0, y1] = view?.extent ?? [];
    this.aimed = x >= x0 && x <= x1 && y >= y0 && y <= y1 ? { x, y } : null;
    this.request();
  }

  aim(view, e) { // what hover and click are, by keyboard
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
    if (!this.movie.pick || !(by || e.key === 'Enter')) return;
    e.preventDefault();
    e.stopPropagation();
    const [x0, x1, y0, y1] = view.extent, { x, y } = this.aimed ?? { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
    const [dx, dy] = by ?? [0, 0], stride = e.shiftKey ? 0.1 : 0.02;
    this.aimed = { x: clamp(x + dx * stride * (x1 - x0), x0, x1), y: clamp(y + dy * stride * (y1 - y0), y0, y1) };
    if (!by) this.pick(view);
    this.request();
  }

  pick(view) {
    if (!this.movie.pick || !this.aimed) return;
    this.picked = { panel: view.index, ...this.aimed, frame: Math.round(this.pos) };
    this.trigger('pick', this.picked);
  }

  key(e) {
    if (!this.movie || e.ctrlKey || e.metaKey || e.altKey) return;
    const { tagName } = e.target, leap = Math.max(1, Math.round(this.last / 10));
    if (tagName === 'SELECT' || (e.key === ' ' && tagName === 'BUTTON')) return; // these keys are theirs
    const by = {
      ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1,
      PageDown: -leap, PageUp: leap, Home: -Infinity, End: Infinity,
    }[e.key];
    if (e.key !== ' ' && !by) return;
    e.preventDefault(); // else the range input and the page move too
    e.stopPropagation();
    if (by) this.step(by);
    else this.play(!this.playing);
  }
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  let player = PLAYERS.get(parentElement);
  if (!player?.root.isConnected) {
    player = new Player(parentElement.querySelector('.player'));
    PLAYERS.set(parentElement, player);
  }
  player.setState = setStateValue; // the closures of this call: earlier ones are stale
  player.trigger = setTriggerValue;
  player.load(data);
  // Streamlit runs a clean-up on unmount, but also at once when newer data overtook this call: then it plays on
  return () => player.root.isConnected || player.destroy();
}
