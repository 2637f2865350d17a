// A panel and a chart: where data lie on their canvas, grid and labels, and what is drawn in between.

function layPanel(view, panel, most, theme) { // sizes the canvas and gives the view its scales
  const [x0, x1, y0, y1] = panel.extent, { size } = theme, { figure, canvas } = view;
  const named = figure.clientWidth > 16 * size; // a small panel has no room for the names of its axes
  const margins = panel.bare ? [0, 0, 0, 0] : [named ? 4 : 2.7, 0.8, 0.6, named ? 3 : 1.7].map(m => m * size);
  const [left, right, top, bottom] = margins;
  const aspect = panel.aspect ?? (y1 - y0) / (x1 - x0); // of the picture; of its own accord a circle is round
  figure.style.maxWidth = `${(most - top - bottom) / aspect + left + right}px`; // from here on, the height is the limit
  canvas.style.height = `${Math.round(Math.min(most, (figure.clientWidth - left - right) * aspect + top + bottom))}px`;
  const wide = canvas.clientWidth - left - right, high = canvas.clientHeight - top - bottom;
  const w = Math.min(wide, high / aspect), h = w * aspect, kx = w / (x1 - x0), ky = h / (y1 - y0);
  const x = left + (wide - w) / 2;
  Object.assign(view, {
    named, extent: panel.extent, box: [x, top, w, h],
    X: v => x + (v - x0) * kx,
    Y: v => top + h - (v - y0) * ky,
    inverse: (px, py) => [x0 + (px - x) / kx, y0 + (top + h - py) / ky],
    zoom: clamp(w / 360, 0.6, 1.4), // dots shrink with a small picture
  });
}

function drawPanel(view, panel, layers, pos, cross, theme) {
  const c = surface(view.canvas), { X, Y, box: [left, top, w, h], extent: [x0, x1, y0, y1] } = view, { size } = theme;
  const none = { values: [] }, count = (length, each) => clamp(length / (each * size), 3, 6);
  const across = panel.bare ? none : ticks(x0, x1, count(w, 4.2)), up = panel.bare ? none : ticks(y0, y1, count(h, 3.5));
  view.halo = layers.some(l => l.kind === 'Field');
  c.fillStyle = theme.grid;
  for (const v of across.values) c.fillRect(Math.round(X(v)), top, 1, h);
  for (const v of up.values) c.fillRect(left, Math.round(Y(v)), w, 1);
  c.save();
  c.beginPath();
  c.rect(left, top, w, h);
  c.clip();
  for (const layer of layers) {
    c.save();
    DRAW[layer.kind](c, layer, pos, view, theme);
    c.restore();
  }
  drawCross(c, view, cross, theme);
  c.restore();
  c.strokeStyle = theme.border;
  c.strokeRect(left + 0.5, top + 0.5, w - 1, h - 1);
  Object.assign(c, { fillStyle: theme.muted, font: theme.font, textAlign: 'center', textBaseline: 'top' });
  for (const v of across.values) c.fillText(number(v, across.digits), X(v), top + h + 0.4 * size);
  Object.assign(c, { textAlign: 'right', textBaseline: 'middle' });
  for (const v of up.values) c.fillText(number(v, up.digits), left - 0.45 * size, Y(v));
  if (!view.named || panel.bare) return;
  Object.assign(c, { textAlign: 'center', textBaseline: 'alphabetic' });
  c.fillText(panel.x, left + w / 2, top + h + 2.6 * size);
  c.translate(left - 3.1 * size, top + h / 2);
  c.rotate(-Math.PI / 2);
  c.fillText(panel.y, 0, 0);
}

function drawCross(c, { X, Y, index }, { picked, aimed }, theme) { // the place picked; the pointer's, in every panel
  for (const [color, width] of picked?.panel === index ? [[theme.background, 5], [theme.text, 2]] : []) {
    const x = X(picked.x), y = Y(picked.y);
    Object.assign(c, { strokeStyle: color, lineWidth: width });
    c.beginPath();
    c.arc(x, y, 8, 0, 6.2832);
    c.moveTo(x - 12, y);
    c.lineTo(x + 12, y);
    c.moveTo(x, y - 12);
    c.lineTo(x, y + 12);
    c.stroke();
  }
  if (!aimed) return;
  Object.assign(c, { strokeStyle: theme.text, lineWidth: 1, globalAlpha: 0.5 });
  c.setLineDash([3, 3]);
  c.beginPath();
  c.moveTo(X(aimed.x), 0);
  c.lineTo(X(aimed.x), 1e4);
  c.moveTo(0, Y(aimed.y));
  c.lineTo(1e4, Y(aimed.y));
  c.stroke();
}

function fixRange(chart) { // the vertical axis, over all frames there are; on a log axis in decades
  const inAxis = (chart.inAxis = chart.log ? Math.log10 : v => v);
  const values = chart.curves.flatMap(k => k.y.frames.map(v => inAxis(v[0])));
  if (chart.truth) values.push(inAxis(chart.truth.value));
  const finite = values.filter(Number.isFinite);
  const lo = finite.reduce((a, b) => Math.min(a, b), Infinity), hi = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const pad = 0.06 * (hi - lo || 1);
  chart.range = chart.limits ? chart.limits.map(inAxis) : finite.length ? [lo - pad, hi + pad] : [0, 1];
}

function drawChart(graph, chart, movie, pos, theme) {
  const c = surface(graph.canvas), { size } = theme, [lo, hi] = chart.range, last = movie.frames - 1;
  const left = 3.6 * size, right = graph.canvas.clientWidth - 0.8 * size;
  const top = 0.6 * size, bottom = graph.canvas.clientHeight - 1.7 * size;
  const time = f => movie.times.number(f), now = time(pos), t0 = time(0);
  const end = Math.max(time(last), movie.until ?? t0), t1 = end > t0 ? end : t0 + 1;
  const X = t => left + ((t - t0) / (t1 - t0)) * (right - left);
  const height = v => bottom - ((v - lo) / (hi - lo)) * (bottom - top), Y = v => height(chart.inAxis(v));
  graph.inverse = px => t0 + ((px - left) / (right - left)) * (t1 - t0);

  const up = (chart.log ? decades : ticks)(lo, hi, 3), along = ticks(t0, t1, Math.max(2, (right - left) / (6 * size)));
  c.fillStyle = theme.grid;
  for (const v of up.values) c.fillRect(left, Math.round(height(v)), right - left, 1);
  Object.assign(c, { fillStyle: theme.muted, font: theme.font, textAlign: 'right', textBaseline: 'middle' });
  const named = v => (chart.log ? number(10 ** v) : number(v, up.digits));
  for (const v of up.values) c.fillText(named(v), left - 0.45 * size, height(v));
  Object.assign(c, { textAlign: 'center', textBaseline: 'top' });
  for (const v of along.values) {
    const text = number(v, along.digits), half = c.measureText(text).width / 2;
    c.fillText(text, Math.min(X(v), graph.canvas.clientWidth - half), bottom + 0.5 * size);
  }

  const every = Math.max(1, Math.floor(movie.frames / 600)); // more points than pixels are not seen
  chart.curves.forEach((curve, i) => {
    const value = curve.y.number(pos), color = theme[curve.color];
    Object.assign(c, { strokeStyle: color, fillStyle: color, lineWidth: 2 });
    c.setLineDash(curve.dash);
    const known = Math.floor(pos / every) * every;
    for (const [from, to, end, alpha] of [[0, known, pos, 1], [known, last, last, 0.3]]) { // what was; what comes
      c.globalAlpha = alpha;
      c.beginPath();
      for (let f = from; f <= to; f += every) c.lineTo(X(time(f)), Y(curve.y.number(f))); // canvas skips NaN
      c.lineTo(X(time(end)), Y(curve.y.number(end)));
      c.stroke();
    }
    c.globalAlpha = 1;
    c.setLineDash([]);
    c.beginPath();
    if (Number.isFinite(Y(value))) c.arc(X(now), Y(value), 3.5, 0, 6.2832);
    c.fill();
    write(graph.values[i], number(value));
  });
  if (chart.truth) {
    Object.assign(c, { strokeStyle: theme.truth, lineWidth: 1.5 });
    c.setLineDash(chart.truth.dash);
    c.beginPath();
    c.moveTo(left, Y(chart.truth.value));
    c.lineTo(right, Y(chart.truth.value));
    c.stroke();
    write(graph.values.at(-1), number(chart.truth.value));
  }
  c.fillStyle = theme.text;
  c.fillRect(Math.round(X(now)), top, 1, bottom - top);
}
