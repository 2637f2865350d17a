// Bars that report while they are dragged: at most one message each GAP ms, and one when they are let go.
// Every message has a turn; an answer to an older turn is ignored, so no bar jumps back under the finger.

const sheets = new WeakMap();
const GAP = 60;

export default function ({ data, parentElement, setStateValue }) {
  const sheet = sheets.get(parentElement) ?? mount(parentElement, data);
  sheets.set(parentElement, sheet);
  sheet.send = setStateValue;
  sheet.show(data);
}

function mount(parent, first) {
  const root = parent.querySelector(".histogram");
  const part = (name) => root.querySelector(name);
  const area = part(".sheet");
  const sheet = { turn: first.turn, held: false, last: 0, timer: 0, bars: [...first.bars], active: 0 };
  sheet.settled = sheet.bars.join();

  const text = (bars) => bars.map((level) => level.toString(36)).join("");
  const place = (bar) => (sheet.data.low + (bar * (sheet.data.high - sheet.data.low)) / sheet.bars.length).toFixed(1).replace("-", "\u2212");
  const words = (bar) => `x from ${place(bar)} to ${place(bar + 1)}: ${((100 * sheet.bars[bar]) / sheet.bars.reduce((a, b) => a + b)).toFixed(1)}%`;

  const paint = () => {
    while (area.children.length < sheet.bars.length) area.append(document.createElement("i"));
    while (area.children.length > sheet.bars.length) area.lastChild.remove();
    sheet.bars.forEach((level, bar) => {
      area.children[bar].style.height = `${(100 * level) / sheet.data.most}%`;
      area.children[bar].classList.toggle("active", bar === sheet.active);
    });
    area.setAttribute("aria-valuenow", sheet.bars[sheet.active]);
    area.setAttribute("aria-valuetext", words(sheet.active));
  };
  const push = () => {
    clearTimeout(sheet.timer);
    sheet.timer = 0;
    sheet.last = performance.now();
    if (!sheet.held) sheet.settled = text(sheet.bars);
    sheet.turn += 1;
    sheet.send("bars", { now: text(sheet.bars), settled: sheet.settled, turn: sheet.turn });
  };
  const soon = () => {
    const wait = GAP - (performance.now() - sheet.last);
    if (wait <= 0) push();
    else sheet.timer ||= setTimeout(push, wait);
  };
  const set = (bar, level) => {
    sheet.active = bar;
    const before = sheet.bars[bar];
    sheet.bars[bar] = Math.max(0, Math.min(sheet.data.most, Math.round(level)));
    if (!sheet.bars.some(Boolean)) sheet.bars[bar] = 1; // nothing at all is no distribution
    part("output").textContent = words(bar);
    paint();
    return sheet.bars[bar] !== before;
  };

  const at = (event) => {
    const box = area.getBoundingClientRect();
    const bar = Math.floor(((event.clientX - box.left) / box.width) * sheet.bars.length);
    return [Math.max(0, Math.min(sheet.bars.length - 1, bar)), sheet.data.most * (1 - (event.clientY - box.top) / box.height)];
  };
  const drag = (event) => {
    // a fast stroke skips bars: those between take the line from where it was to where it is
    const [bar, level] = at(event);
    const [from, was] = sheet.from ?? [bar, level];
    sheet.from = [bar, level];
    const steps = Math.max(1, Math.abs(bar - from));
    let moved = false;
    for (let step = bar === from ? 1 : 0; step <= steps; step++)
      moved = set(from + Math.sign(bar - from) * (bar === from ? 0 : step), was + ((level - was) * step) / steps) || moved;
    if (moved) soon();
  };
  area.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    area.setPointerCapture(event.pointerId);
    [sheet.held, sheet.from] = [true, null];
    drag(event);
  });
  area.addEventListener("pointermove", (event) => {
    if (sheet.held) drag(event);
  });
  const release = () => {
    if (!sheet.held) return;
    sheet.held = false;
    part("output").textContent = "";
    if (sheet.settled !== text(sheet.bars)) push();
  };
  area.addEventListener("pointerup", release);
  area.addEventListener("pointercancel", release);
  area.addEventListener("blur", () => (part("output").textContent = ""));
  area.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
    const end = sheet.bars.length - 1;
    const to = { ArrowLeft: sheet.active - 1, ArrowRight: sheet.active + 1, Home: 0, End: end }[event.key];
    if (by === undefined && to === undefined) return;
    event.preventDefault();
    if (by !== undefined) set(sheet.active, sheet.bars[sheet.active] + by) && soon();
    else set((sheet.active = Math.max(0, Math.min(end, to))), sheet.bars[sheet.active]);
  });

  sheet.show = (data) => {
    sheet.data = data;
    root.style.setProperty("--role", `var(--pg-${data.role})`);
    part(".name").textContent = data.label;
    area.setAttribute("aria-label", `${data.label}: bars. Left and right choose one, up and down change it`);
    area.setAttribute("aria-valuemin", 0);
    area.setAttribute("aria-valuemax", data.most);
    const round = (number) => String(+number.toFixed(2)).replace("-", "\u2212");
    for (const [name, number] of [["low", data.low], ["middle", (data.low + data.high) / 2], ["high", data.high]])
      part(`.${name}`).textContent = round(number);
    if (data.turn >= sheet.turn && !sheet.held && !sheet.timer) { // what is about to be sent is newer than any answer
      sheet.turn = data.turn;
      sheet.bars = [...data.bars];
      sheet.active = Math.min(sheet.active, sheet.bars.length - 1);
      sheet.settled = text(sheet.bars);
    }
    paint();
  };
  return sheet;
}
