// A causal graph that is clicked, dragged and edited. Every change is numbered by a turn and sent; Python answers with the
// last turn it has seen. An answer to an older turn brings only numbers for the past, so they are shown faint and the
// visitor's newer clicks stay; any other graph that Python sends (a preset, a link) is taken over.

const graphs = new WeakMap(); // ShadowRoot -> Sheet
const WORDS = { "": "unknown", "see 0": "seen 0", "see 1": "seen 1", "do 0": "do 0", "do 1": "do 1" };
const SHORT = { ...WORDS, "see 0": "= 0", "see 1": "= 1" }; // in a small box the name has the room
const PAD = 6; // around all nodes, px

export default function ({ data, parentElement, setStateValue }) {
  let sheet = graphs.get(parentElement);
  if (!sheet?.root.isConnected) graphs.set(parentElement, (sheet = new Sheet(parentElement.querySelector(".graph"), data)));
  sheet.send = setStateValue; // the closure of this call: earlier ones are stale
  sheet.load(data);
  return () => sheet.root.isConnected || sheet.resizing.disconnect(); // also called when newer data overtook this call
}

class Sheet {
  constructor(root, data) {
    this.root = root;
    this.turn = data.turn;
    const part = (name) => root.querySelector(`.${name}`);
    this.ui = Object.fromEntries(["canvas", "edges", "nodes", "tools", "name", "add", "arrow", "remove", "note"].map((name) => [name, part(name)]));
    this.boxes = new Map(); // name -> the parts of its node, kept over renders: focus and pointer capture survive
    this.tool = "";
    this.from = null;
    const { add, name, arrow, remove } = this.ui;
    add.onclick = () => this.addNode(name.value.trim());
    name.onkeydown = (event) => event.key === "Enter" && add.click();
    arrow.onclick = () => this.use(this.tool === "arrow" ? "" : "arrow");
    remove.onclick = () => this.use(this.tool === "remove" ? "" : "remove");
    this.resizing = new ResizeObserver(() => this.data && this.render());
    this.resizing.observe(root);
  }

  load(data) {
    const first = !this.data;
    this.data = data = { ...data };
    for (const part of ["prior", "posterior", "marks", "cycles", "labels"]) data[part] &&= bare(data[part]);
    if (data.turn >= this.turn && !this.dragging) {
      this.turn = data.turn;
      this.graph = { ...structuredClone({ nodes: data.nodes, edges: data.edges }), marks: bare(data.marks) };
    }
    this.ui.tools.hidden = !data.edit;
    if (!data.edit && this.tool) this.use("");
    this.root.classList.toggle("editing", data.edit);
    this.ui.canvas.setAttribute("aria-label", data.alt);
    if (first || data.hint !== this.hint) this.say((this.hint = data.hint));
    this.render();
  }

  // -- changes

  say(text) {
    this.ui.note.textContent = text;
  }
  use(tool) {
    this.tool = tool;
    this.from = null;
    for (const name of ["arrow", "remove"]) this.ui[name].setAttribute("aria-pressed", tool === name);
    this.say({ arrow: "Choose where the arrow starts.", remove: "Choose a node or an arrow to remove." }[tool] ?? this.data?.hint ?? "");
    if (this.graph) this.render();
  }
  commit() {
    this.turn += 1;
    this.render();
    this.send("graph", { turn: this.turn, ...structuredClone(this.graph) });
  }
  choose(name) {
    // a click or Enter on a node
    if (this.tool === "remove") return this.removeNode(name);
    if (this.tool === "arrow" || this.from) return this.extend(name);
    const { marks } = this.graph;
    const cycle = this.data.cycles[name] ?? this.data.cycle;
    if (!cycle.length) return;
    const next = cycle[(cycle.indexOf(marks[name] ?? "") + 1) % cycle.length];
    if (next) marks[name] = next;
    else delete marks[name];
    this.say(`${name}: ${WORDS[next]}`);
    this.commit();
  }
  extend(name) {
    if (!this.from) {
      this.from = name;
      this.say(`${name} → … choose where the arrow ends (Escape cancels).`);
      return this.render();
    }
    const { edges } = this.graph;
    const from = this.from;
    this.from = null;
    if (from === name) this.say("An arrow needs two nodes.");
    else if (edges.some(([a, b]) => a === from && b === name)) this.say(`${from} → ${name} is there already.`);
    else if (reaches(edges, name, from)) this.say(`Refused: ${name} already leads to ${from}, so ${from} → ${name} would close a cycle. A cause cannot be its own effect.`);
    else {
      edges.push([from, name]);
      this.say(`Added ${from} → ${name}.`);
      return this.commit();
    }
    this.render();
  }
  addNode(name) {
    const { nodes } = this.graph;
    if (!/^[A-Za-z][A-Za-z0-9_ -]{0,19}$/.test(name)) return this.say("A name starts with a letter a–z and has at most 20 letters, digits, spaces, hyphens or underscores.");
    if (name in {}) return this.say("Choose another name."); // constructor and the like
    if (Object.hasOwn(nodes, name)) return this.say(`${name} is there already.`);
    if (Object.keys(nodes).length >= this.data.most) return this.say(`At most ${this.data.most} variables: the exact joint has 2¹² = 4096 cells then.`);
    // the emptiest of as many places as there may be nodes; a box is wider than high, so columns are few
    const places = [0, 0.5, 1].flatMap((x) => [0, 1 / 3, 2 / 3, 1].map((y) => [x, y]));
    const middles = this.graph.edges.map(([a, b]) => [0, 1].map((i) => (nodes[a][i] + nodes[b][i]) / 2));
    const clear = ([x, y]) => Math.min(...[...Object.values(nodes), ...middles].map(([u, v]) => Math.hypot(2 * (u - x), 3 * (v - y))), 9);
    nodes[name] = places.reduce((a, b) => (clear(b) > clear(a) ? b : a));
    this.ui.name.value = "";
    this.say(`Added ${name}.`);
    this.commit();
  }
  removeNode(name) {
    const { graph } = this;
    if (Object.keys(graph.nodes).length === 2) return this.say("The last two variables stay.");
    delete graph.nodes[name];
    delete graph.marks[name];
    graph.edges = graph.edges.filter((edge) => !edge.includes(name));
    this.say(`Removed ${name} and its arrows.`);
    this.commit();
  }
  removeEdge(a, b) {
    this.graph.edges = this.graph.edges.filter((edge) => edge[0] !== a || edge[1] !== b);
    this.say(`Removed ${a} → ${b}.`);
    this.commit();
  }

  // -- drawing

  place(name) {
    // pixels of a place in [0, 1]²
    const [x, y] = this.graph.nodes[name];
    const { w, h } = this.box;
    return [PAD + w / 2 + x * (this.width - w - 2 * PAD), PAD + h / 2 + y * (this.height - h - 2 * PAD)];
  }
  render() {
    const { canvas, nodes, edges } = this.ui;
    const type = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16; // larger for a projector
    this.width = this.root.clientWidth || 600;
    this.height = this.data.height * type;
    const w = Math.min(140 * type, Math.max(108, 0.3 * this.width));
    if (this.box?.w !== w) {
      for (const node of this.boxes.values()) node.g.remove();
      this.boxes.clear();
    }
    this.box = { w, h: 62 * type, type };
    canvas.style.height = `${this.height}px`;
    this.root.classList.toggle("stale", this.data.turn < this.turn);
    for (const [name, node] of this.boxes)
      if (!Object.hasOwn(this.graph.nodes, name)) {
        node.g.remove();
        this.boxes.delete(name);
      }
    for (const name in this.graph.nodes) {
      if (!this.boxes.has(name)) this.boxes.set(name, this.makeNode(name, nodes));
      this.drawNode(name, this.boxes.get(name));
    }
    edges.replaceChildren(...this.graph.edges.map(([a, b]) => this.drawEdge(a, b)));
  }
  makeNode(name, parent) {
    const { w, h, type } = this.box;
    const left = -w / 2 + 10 * type;
    const right = w / 2 - 10 * type;
    const bar = { x: left, y: -h / 2 + 28 * type };
    const g = shape("g", { tabindex: 0, role: "button" }, parent);
    const node = { g, full: right - left };
    shape("title", {}, g).textContent = name;
    node.ring = shape("rect", { class: "ring", x: -w / 2 - 4, y: -h / 2 - 4, width: w + 8, height: h + 8 }, g);
    node.box = shape("rect", { class: "box", x: -w / 2, y: -h / 2, width: w, height: h }, g);
    node.title = shape("text", { class: "title", x: left, y: -h / 2 + 20 * type }, g);
    node.mark = shape("text", { class: "mark", x: right, y: -h / 2 + 20 * type }, g);
    shape("rect", { class: "track", ...bar, width: node.full, height: 10 * type }, g);
    node.before = shape("rect", { class: "before", ...bar, height: 10 * type }, g);
    node.after = shape("rect", { class: "after", x: left, y: bar.y + 2.5 * type, height: 5 * type }, g);
    node.end = shape("path", { class: "before-end" }, g);
    node.endAt = (p) => `M${left + p * node.full} ${bar.y - 2}v${10 * type + 4}`;
    node.beforeNumber = shape("text", { class: "before-number", x: left, y: h / 2 - 8 * type }, g);
    node.afterNumber = shape("text", { class: "after-number", x: right, y: h / 2 - 8 * type }, g);
    fit(node.title, name, node.full);
    this.drags(g, name);
    g.onkeydown = (event) => this.key(event, name);
    return node;
  }
  drags(g, name) {
    let start = null;
    g.onpointerdown = (event) => {
      if (event.button) return; // a menu, or the middle button
      start = { x: event.clientX, y: event.clientY, at: this.place(name) };
      if (this.data.edit) g.setPointerCapture(event.pointerId);
    };
    g.onpointermove = (event) => {
      if (!start || !this.data.edit) return;
      const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
      this.dragging ||= Math.hypot(dx, dy) > 5;
      if (this.dragging) this.moveTo(name, start.at[0] + dx, start.at[1] + dy);
    };
    g.onpointerup = () => {
      if (this.dragging) {
        this.dragging = false;
        this.commit();
      } else if (start) this.choose(name);
      start = null;
    };
    g.onpointercancel = g.onpointerleave = () => {
      if (!this.dragging) start = null;
    };
  }
  moveTo(name, x, y) {
    const unit = (value, size, span) => Math.max(0, Math.min(1, (value - PAD - size / 2) / (span - size - 2 * PAD)));
    this.graph.nodes[name] = [unit(x, this.box.w, this.width), unit(y, this.box.h, this.height)];
    this.render();
  }
  key(event, name) {
    const by = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
    const { edit } = this.data;
    if (by && edit) {
      const [x, y] = this.place(name);
      this.moveTo(name, x + by[0], y + by[1]);
      clearTimeout(this.later);
      this.later = setTimeout(() => this.commit(), 300); // a held key is one move
    } else if (event.key === "Enter" || event.key === " ") this.choose(name);
    else if (event.key === "Escape") this.use("");
    else if (edit && event.key === "Delete") this.removeNode(name);
    else if (edit && event.key.toLowerCase() === "a") {
      this.from = null;
      this.extend(name);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  drawNode(name, node) {
    const { g } = node;
    const { prior, posterior, hidden } = this.data;
    const mark = this.graph.marks[name] ?? "";
    const state = mark.startsWith("do") ? "done" : mark ? "seen" : hidden.includes(name) ? "hidden" : "";
    const before = prior[name];
    const after = posterior ? posterior[name] : mark && +mark.at(-1); // what is marked is known, whatever is hidden
    const marked = Object.keys(this.graph.marks).length > 0;
    g.setAttribute("class", `node ${state} ${this.from === name ? "from" : ""}`);
    g.setAttribute("transform", `translate(${this.place(name)})`);
    g.setAttribute("aria-label", `${name}, ${WORDS[mark]}${state === "hidden" ? ", cannot be measured" : ""}, probability before ${number(before)}, after ${posterior || mark ? number(after) : "hidden"}`);
    const round = { seen: this.box.h / 2, done: 0 }[state] ?? 10;
    node.box.setAttribute("rx", round);
    node.ring.setAttribute("rx", round && round + 3);
    const label = this.data.labels[name] ?? (state === "hidden" ? "hidden" : "");
    const words = label ? "" : mark && (this.box.w < 124 * this.box.type ? SHORT : WORDS)[mark];
    if (node.mark.textContent !== words) {
      node.mark.textContent = words;
      fit(node.title, name, node.full - (words ? node.mark.getComputedTextLength() + 6 : 0));
    }
    node.before.setAttribute("width", node.full * (marked ? (before ?? 0) : 0));
    node.end.setAttribute("d", before === undefined || !marked || label ? "" : node.endAt(before));
    node.after.setAttribute("width", node.full * (after || 0));
    node.beforeNumber.textContent = label || (marked && state !== "done" ? number(before) : "");
    node.beforeNumber.classList.toggle("label", Boolean(label));
    node.afterNumber.textContent = before === undefined ? "" : posterior || mark ? number(after) : "?";
  }
  drawEdge(a, b) {
    const from = this.place(a);
    const to = this.place(b);
    const [x0, y0] = this.border(from, to, 2);
    const [x1, y1] = this.border(to, from, 5);
    const cut = (this.graph.marks[b] ?? "").startsWith("do");
    const path = this.data.paths[`${a}>${b}`] ?? "";
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const [u, v] = [(x1 - x0) / length, (y1 - y0) / length];
    const point = (along, aside = 0) => `${x0 + u * along - v * aside} ${y0 + v * along + u * aside}`;
    const g = shape("g", { class: `edge ${cut ? "cut" : path}` });
    const middle = length / 2;
    const end = length - 9;
    if (cut) {
      // two stumps and two slashes between them
      shape("path", { class: "line", d: `M${point(0)}L${point(middle - 12)}M${point(middle + 12)}L${point(end)}` }, g);
      for (const at of [-5, 5]) shape("path", { class: "slash", d: `M${point(middle + at - 4, 9)}L${point(middle + at + 4, -9)}` }, g);
    } else shape("path", { class: "line", d: `M${point(0)}L${point(end)}` }, g);
    const half = path === "open" && !cut ? 7 : 5.5;
    shape("polygon", { points: [point(length), point(length - 12, half), point(length - 12, -half)].join(",").replaceAll(" ", ",") }, g);
    const hit = shape("path", { class: "hit", d: `M${point(0)}L${point(length)}` }, g);
    hit.onclick = () => this.tool === "remove" && this.removeEdge(a, b);
    if (this.tool === "remove") {
      for (const [name, value] of [["tabindex", 0], ["role", "button"], ["aria-label", `${a} → ${b}`]]) g.setAttribute(name, value);
      g.onkeydown = (event) => event.key === "Enter" && this.removeEdge(a, b);
    }
    shape("title", {}, g).textContent = `${a} → ${b}${cut ? ", cut by do()" : path && `, on an ${path} path`}`;
    return g;
  }
  border([x, y], [tx, ty], gap) {
    // where the ray from the centre (x, y) towards (tx, ty) leaves the box
    const dx = tx - x || 1e-9;
    const dy = ty - y || 1e-9;
    const s = Math.min((this.box.w / 2 + gap) / Math.abs(dx), (this.box.h / 2 + gap) / Math.abs(dy));
    return [x + dx * Math.min(s, 1), y + dy * Math.min(s, 1)];
  }
}

function bare(values) {
  // without what every object has: a node may be called constructor
  return Object.assign(Object.create(null), values);
}

function number(p) {
  return p === undefined || p === null ? "–" : p.toFixed(3);
}

function fit(text, words, room) {
  text.textContent = words;
  for (let keep = words.length - 1; keep > 1 && text.getComputedTextLength() > room; keep--) text.textContent = `${words.slice(0, keep)}…`;
}

function reaches(edges, from, to, seen = new Set()) {
  // is there a directed path from -> to?
  if (from === to) return true;
  seen.add(from);
  return edges.some(([a, b]) => a === from && !seen.has(b) && reaches(edges, b, to, seen));
}

function shape(tag, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  parent?.append(element);
  return element;
}
