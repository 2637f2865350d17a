// A slider that reports while it is dragged: at most one message each GAP ms, and one when it is let go.
// Every message has a turn. Python answers with the last turn it has seen; an answer to an older turn is ignored, so the
// thumb never jumps back under the finger, and any other value that Python sends (a preset, a link) is taken over.

const dials = new WeakMap();
const GAP = 40;

export default function ({ data, parentElement, setStateValue }) {
  const dial = dials.get(parentElement) ?? mount(parentElement, data);
  dials.set(parentElement, dial);
  dial.send = setStateValue;
  dial.show(data);
}

function mount(parent, first) {
  const root = parent.querySelector(".dial");
  const part = (name) => root.querySelector(name);
  const thumb = part("input");
  const dial = { turn: first.turn, held: false, last: 0, timer: 0, settled: first.value };

  // a log scale offers round numbers of two digits; twelve digits hide the binary fraction of a step
  const value = () => (dial.log ? +(10 ** thumb.value).toPrecision(2) : +(+thumb.value).toPrecision(12));
  const toThumb = (number) => (dial.log ? Math.log10(number) : number);
  const onLog = (number) =>
    number < 10 ? number.toPrecision(2) : Math.round(number).toLocaleString("en").replaceAll(",", "\u2009");
  const words = (number) => (dial.log ? onLog(number) : number.toFixed(dial.digits).replace("-", "\u2212"));
  const along = (number) => (toThumb(number) - thumb.min) / (thumb.max - thumb.min);

  const paint = () => {
    part("output").textContent = words(value());
    thumb.setAttribute("aria-valuetext", words(value()));
    thumb.style.setProperty("--filled", `${100 * along(value())}%`);
  };
  const push = () => {
    clearTimeout(dial.timer);
    dial.timer = 0;
    dial.last = performance.now();
    if (!dial.held) dial.settled = value();
    dial.turn += 1;
    dial.send("knob", { now: value(), settled: dial.settled, turn: dial.turn });
  };
  thumb.addEventListener("pointerdown", () => (dial.held = true));
  thumb.addEventListener("input", () => {
    paint();
    const wait = GAP - (performance.now() - dial.last);
    if (wait <= 0) push();
    else if (!dial.timer) dial.timer = setTimeout(push, wait);
  });
  const release = () => {
    if (!dial.held) return;
    dial.held = false;
    if (dial.settled !== value()) push();
  };
  for (const end of ["pointerup", "pointercancel", "change"]) thumb.addEventListener(end, release);

  dial.show = (data) => {
    dial.log = data.log;
    dial.digits = (String(data.step).split(".")[1] ?? "").length;
    root.style.setProperty("--role", `var(--pg-${data.role})`);
    part(".name").textContent = data.label;
    part(".hint").textContent = data.hint;
    thumb.setAttribute("aria-label", data.hint ? `${data.label}: ${data.hint}` : data.label);
    const round = (number) => (data.log ? Math.log10(number).toFixed(6) : number);
    [thumb.min, thumb.max, thumb.step] = [round(data.low), round(data.high), data.step];
    if (data.turn >= dial.turn && !dial.held && !dial.timer) { // what is about to be sent is newer
      dial.turn = data.turn;
      thumb.value = toThumb(data.value);
      dial.settled = value();
    }
    part(".ticks").replaceChildren(
      ...data.ticks.map((number) => {
        const tick = document.createElement("span");
        tick.textContent = data.log && number >= 1000 ? `10${superscript(Math.log10(number))}` : String(number).replace("-", "\u2212");
        tick.style.left = `${100 * along(number)}%`;
        return tick;
      }),
    );
    paint();
  };
  return dial;
}

function superscript(number) {
  return String(Math.round(number)).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
}
