// How the page looks, for a canvas: the roles' colours, type, numbers as text. Nothing here knows about movies.

const NAMES = [
  'data', 'model', 'rival', 'truth', 'prior', 'evidence', 'intervention', 'error',
  'text', 'muted', 'grid', 'border', 'background',
];
const THEMES = new Map(); // what was asked -> what it resolved to

const clamp = (v, lo, hi) => Math.max(lo, Math.min(hi, v));

function readTheme(root) {
  const css = getComputedStyle(root), get = name => css.getPropertyValue(name).trim();
  const scales = ['--st-chart-sequential-colors', '--st-chart-diverging-colors'];
  const asked = ['--pg-model', '--st-text-color', '--st-font', ...scales];
  const id = [css.colorScheme, css.fontSize, ...asked.map(get)].join('|');
  if (!THEMES.has(id)) THEMES.set(id, makeTheme(root, css, get));
  return THEMES.get(id);
}

function makeTheme(root, css, get) {
  // a custom property reads as written, `light-dark(…)`; only a real property resolves it
  const probe = element('i', { hidden: true }, root), style = getComputedStyle(probe), theme = {};
  for (const name of NAMES) {
    probe.style.color = `var(--pg-${name}, var(--st-text-color))`;
    theme[name] = style.color;
  }
  probe.remove();
  const list = name => get(`--st-chart-${name}-colors`).split(/,(?![^(]*\))/); // not at the commas of rgb()
  theme.scales = { sequential: scale(list('sequential')), diverging: scale(list('diverging')) };
  theme.size = (parseFloat(css.fontSize) * 13) / 14; // the page's small type, also when the page is enlarged
  theme.font = `${theme.size}px ${get('--st-font') || 'sans-serif'}`;
  return theme;
}

function scale(colors) { // 256 packed pixels; a canvas gradient understands every CSS colour
  const c = new OffscreenCanvas(255, 1).getContext('2d', { willReadFrequently: true });
  const gradient = c.createLinearGradient(0, 0, 255, 0);
  colors.forEach((color, i) => gradient.addColorStop(i / (colors.length - 1), color.trim()));
  c.fillStyle = gradient;
  c.fillRect(0, 0, 255, 1);
  const pixels = new Uint32Array(256); // entry HOLE stays transparent
  pixels.set(new Uint32Array(c.getImageData(0, 0, 255, 1).data.buffer));
  return pixels;
}

function number(v, digits) {
  if (!Number.isFinite(v)) return '–';
  const small = v && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e6);
  const short = () => (small ? (+v.toPrecision(2)).toExponential() : +v.toPrecision(3));
  const text = String(digits === undefined ? short() : v.toFixed(digits));
  return text.replace(/^-(?=[0.]*$)/, '').replace('e+', 'e').replaceAll('-', '−'); // and no minus before a zero
}

const digitsFor = range => Math.max(0, 2 - Math.floor(Math.log10(range))); // that tell two neighbouring pixels apart

function ticks(lo, hi, count) { // round numbers in [lo, hi]
  const raw = (hi - lo) / count, power = 10 ** Math.floor(Math.log10(raw)), values = [];
  const step = power * [1, 2, 5, 10].find(s => s * power >= raw * 0.99);
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + step * 1e-9; k++) values.push(k * step);
  return { values, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

function decades(lo, hi, count) { // 1, 2, 5 times powers of ten between 10^lo and 10^hi, or fewer powers; as logarithms
  const values = [], stride = Math.ceil((hi - lo) / count), factors = hi - lo < 2 ? [1, 2, 5] : [1];
  for (let k = Math.floor(lo); k <= hi; k++) {
    if (k % stride === 0) values.push(...factors.map(f => k + Math.log10(f)).filter(v => v >= lo && v <= hi));
  }
  return values.length > 1 ? { values } : ticks(lo, hi, count);
}

function element(tag, props, parent) {
  const e = Object.assign(document.createElement(tag), props);
  parent.append(e);
  return e;
}

function write(node, text) { // assigning an equal text would still cost a layout
  if (node.textContent !== text) node.textContent = text;
}

function surface(canvas) { // as many pixels as the screen has, drawn in CSS pixels, with a clean state
  const ratio = devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight, c = canvas.getContext('2d');
  const pixels = [Math.round(w * ratio), Math.round(h * ratio)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, w, h);
  c.setLineDash([]);
  return Object.assign(c, { globalAlpha: 1, lineWidth: 1, lineCap: 'butt' });
}
