// How each kind of layer is drawn, read at a place, and shown in the legend.

const CORNERS = { diamond: [0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0], 'triangle-up': [0, -1.2, 1.2, 0.96, -1.2, 0.96] };

function marker(c, shape, x, y, r) {
  if (shape === 'square') return c.fillRect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  if (shape === 'stroke') return c.fillRect(x - r * 1.3, y - r * 0.4, r * 2.6, r * 0.8);
  c.beginPath(); // one for each dot is fastest without a GPU: 2 000 in 3 ms; one path of all 5 ms, sprites 9 ms
  if (shape === 'circle') {
    c.arc(x, y, r, 0, 6.2832);
  } else if (shape === 'cross') {
    c.rect(x - r * 1.2, y - r * 0.4, r * 2.4, r * 0.8);
    c.rect(x - r * 0.4, y - r * 1.2, r * 0.8, r * 2.4);
  } else {
    const corners = CORNERS[shape];
    for (let i = 0; i < corners.length; i += 2) c.lineTo(x + r * corners[i], y + r * corners[i + 1]);
  }
  c.fill();
}

const LEVELS = 64; // of weight that lines are drawn in

// (context, layer, fractional frame, view, theme) -> drawn; view.X and view.Y turn data into pixels
const DRAW = {
  Points(c, layer, pos, { X, Y, extent: [x0, x1, y0, y1], halo, zoom }, theme) {
    const xy = layer.xy.at(pos, layer.join), n = xy.length / 2, size = layer.size * zoom;
    const group = layer.group?.at(0), weight = layer.weight?.at(0);
    const dots = (g, shape, color, r, count) => { // those of group g; all of them if it is null
      c.fillStyle = color;
      for (let i = 0; i < n; i++) {
        if ((g !== null && group[i] !== g) || weight?.[i] === 0) continue;
        const x = xy[2 * i], y = xy[2 * i + 1];
        const part = weight ? Math.sqrt(weight[i]) : 1;
        if (x >= x0 && x <= x1 && y >= y0 && y <= y1) marker(c, shape, X(x), Y(y), r * part);
        else if (count) layer[x !== x || y !== y ? 'hidden' : 'outside']++;
      }
    };
    layer.hidden = layer.outside = 0;
    c.globalAlpha = layer.opacity;
    // a halo keeps the cloud apart from a field
    if (halo && n <= 3000) dots(null, 'circle', theme.background, size + 1.2, false);
    layer.marks.forEach(([color, shape], g) => dots(group ? g : null, shape, theme[color], size, true));
    if (!layer.trail || !layer.xy.moving) return;
    const past = layer.xy.frames.slice(0, Math.floor(pos) + 1).concat([xy]);
    Object.assign(c, { strokeStyle: theme.text, globalAlpha: 0.4 });
    c.beginPath();
    for (let i = 0; i < 2 * Math.min(layer.trail, n); i += 2) {
      past.forEach((p, t) => c[t ? 'lineTo' : 'moveTo'](X(p[i]), Y(p[i + 1])));
    }
    c.stroke();
  },

  Field(c, layer, pos, { X, Y, tiles }, theme) {
    const z = layer.z.at(pos, layer.join), [h, w] = layer.z.shape, [x0, x1, y0, y1] = layer.extent;
    const colors = theme.scales[layer.scale], gain = 254 / (layer.hi - layer.lo);
    let tile = tiles.get(layer.name);
    if (tile?.width !== w || tile.height !== h) tiles.set(layer.name, (tile = new OffscreenCanvas(w, h)));
    const t = tile.getContext('2d', { willReadFrequently: true });
    const image = t.createImageData(w, h), pixels = new Uint32Array(image.data.buffer);
    const level = v => (v !== v ? HOLE : clamp((v - layer.lo) * gain, 0, 254));
    for (let i = 0, k = 0; i < h; i++) {
      for (let j = 0, o = (h - 1 - i) * w; j < w; j++, k++, o++) { // row 0 has the lowest y: the picture's last row
        pixels[o] = colors[((layer.z.levels ? z[k] : level(z[k])) + 0.5) | 0];
      }
    }
    t.putImageData(image, 0, 0);
    // values sit on nodes, so the pixels reach half a cell beyond
    const dx = (x1 - x0) / (w - 1) / 2, dy = (y1 - y0) / (h - 1) / 2;
    Object.assign(c, { globalAlpha: layer.opacity, imageSmoothingEnabled: true });
    c.drawImage(tile, X(x0 - dx), Y(y1 + dy), X(x1 + dx) - X(x0 - dx), Y(y0 - dy) - Y(y1 + dy));
  },

  Arrows(c, layer, pos, { X, Y }, theme) {
    const at = layer.at.at(pos), vector = layer.vector.at(pos);
    Object.assign(c, { globalAlpha: layer.opacity, strokeStyle: theme[layer.color], lineWidth: layer.width });
    const head = 3.8 + layer.width;
    c.beginPath();
    for (let i = 0; i < at.length; i += 2) {
      const x = X(at[i]), tipX = X(at[i] + layer.scale * vector[i]), u = tipX - x;
      const y = Y(at[i + 1]), tipY = Y(at[i + 1] + layer.scale * vector[i + 1]), v = tipY - y;
      const length = Math.hypot(u, v), s = Math.min(head, length * 0.45) / length;
      if (!(length > 1.5)) continue; // NaN, or too short to have a direction
      c.moveTo(x, y);
      c.lineTo(tipX, tipY);
      c.moveTo(tipX - s * (u + 0.5 * v), tipY - s * (v - 0.5 * u));
      c.lineTo(tipX, tipY);
      c.lineTo(tipX - s * (u - 0.5 * v), tipY - s * (v + 0.5 * u));
    }
    c.stroke();
  },

  Lines(c, layer, pos, { X, Y }, theme) {
    const xy = layer.xy.at(pos, layer.join), [lines, k] = layer.xy.shape, weight = layer.weight?.at(0);
    Object.assign(c, { strokeStyle: theme[layer.color], fillStyle: theme[layer.color] });
    c.setLineDash(layer.dash);
    for (const level of weight ? new Set(weight.map(w => Math.ceil(w * LEVELS)).sort()) : [LEVELS]) {
      const share = level / LEVELS; // one path for all lines of about one weight; the heaviest come last, on top
      if (!share) continue;
      Object.assign(c, { globalAlpha: layer.opacity * share, lineWidth: layer.width * Math.max(0.4, share) });
      c.beginPath();
      for (let l = 0; l < lines; l++) {
        if (weight && Math.ceil(weight[l] * LEVELS) !== level) continue;
        for (let i = 0, o = 2 * l * k, pen = false; i < k; i++, o += 2) {
          const x = X(xy[o]), y = Y(xy[o + 1]), drawn = x === x && y === y; // NaN lifts the pen
          if (drawn) c[pen ? 'lineTo' : 'moveTo'](x, y);
          pen = drawn;
        }
      }
      c.stroke();
      c.globalAlpha = layer.fill * share;
      if (layer.fill) c.fill();
    }
  },
};

function fieldValue(layer, pos, x, y) { // bilinear between the same nodes as the picture
  const z = layer.z.at(pos, layer.join), [h, w] = layer.z.shape, [x0, x1, y0, y1] = layer.extent;
  const u = ((x - x0) / (x1 - x0)) * (w - 1), v = ((y - y0) / (y1 - y0)) * (h - 1);
  if (!(u >= 0 && u <= w - 1 && v >= 0 && v <= h - 1)) return NaN;
  const j = Math.min(u | 0, w - 2), i = Math.min(v | 0, h - 2), a = u - j, b = v - i;
  const value = level => (level === HOLE ? NaN : layer.lo + (level / 254) * (layer.hi - layer.lo));
  const at = (row, column) => (layer.z.levels ? value : Number)(z[row * w + column]);
  return (1 - b) * ((1 - a) * at(i, j) + a * at(i, j + 1)) + b * ((1 - a) * at(i + 1, j) + a * at(i + 1, j + 1));
}

const SWATCH = {
  Points(c, w, y, layer, theme) {
    layer.marks.forEach(([color, shape], i) => {
      c.fillStyle = theme[color];
      marker(c, shape, (w * (i + 0.5)) / layer.marks.length, y, 3.5);
    });
  },
  Field(c, w, y, layer, theme) {
    const image = c.createImageData(255, 1), strip = new OffscreenCanvas(255, 1);
    new Uint32Array(image.data.buffer).set(theme.scales[layer.scale].subarray(0, 255));
    strip.getContext('2d').putImageData(image, 0, 0);
    c.drawImage(strip, 0, 2, w, 2 * y - 4);
  },
  Lines(c, w, y, { dash }) {
    c.lineWidth = 2;
    c.setLineDash(dash);
    c.beginPath();
    c.moveTo(0, y);
    c.lineTo(w, y);
    c.stroke();
  },
  Arrows(c, w, y) {
    c.lineWidth = 1.5;
    c.beginPath();
    c.moveTo(2, y);
    c.lineTo(w - 3, y);
    c.moveTo(w - 8, y - 4);
    c.lineTo(w - 3, y);
    c.lineTo(w - 8, y + 4);
    c.stroke();
  },
};

function swatch(canvas, layer, theme) { // the layer's sign in the legend; a curve is signed like lines
  canvas.style.width = layer.marks ? `${2 + 12 * layer.marks.length}px` : '';
  const c = surface(canvas);
  c.strokeStyle = theme[layer.color ?? 'text'];
  SWATCH[layer.kind ?? 'Lines'](c, canvas.clientWidth, canvas.clientHeight / 2, layer, theme);
}
