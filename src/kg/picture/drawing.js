// The picture. vis-network draws things and relations and follows the mouse. Regions, labels and highlights are drawn
// here, over and under it, so that pointing at a thing does not change the data of vis-network.
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const nodes = new vis.DataSet(things.map(({ id, kind, shape, size, color, x, y, label }) => ({
  id, shape, size, x, y, title: `${label}\n${kind}`, color: { background: color },
})));
const unsettled = "#D55E00";  // visible on light and on dark paper
const links = new vis.DataSet(edges.filter((edge) => !isOwn(edge)).map(({ id, from, to, dashes }) => ({
  id, from: from.id, to: to.id, ...(dashes && { dashes, color: { color: unsettled } }),
})));
const shownNodes = new vis.DataView(nodes, { filter: ({ id }) => isShown(things[id]) });
const shownLinks = new vis.DataView(links, { filter: ({ id }) => isDrawn(edges[id]) });
const network = new vis.Network(get("graph"), { nodes: shownNodes, edges: shownLinks }, data.options);
network.canvas.frame.tabIndex = -1;  // the element around it takes the focus of the keyboard: it has a label
const hasRegions = data.kinds.some(({ radius }) => radius);
let theme;

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  theme = (name) => style.getPropertyValue(`--${name}`).trim();
  const color = theme(hasRegions ? "edge" : "few-edges");
  const width = Math.min(1.8, 4000 / edges.length);  // many lines are thin
  network.setOptions({ nodes: { color: { border: theme("rim") } }, edges: { color: { color }, width } });
}

const shownOfKind = new Map();

function refresh() {
  shownNodes.refresh();
  shownLinks.refresh();
  countKinds();
}

function countKinds() {
  shownOfKind.clear();
  for (const { kind } of things.filter(isShown)) shownOfKind.set(kind, (shownOfKind.get(kind) ?? 0) + 1);
}

const inFocus = () => [state.pointed, state.chosen].find((thing) => thing && isShown(thing));
const drawnKinds = () =>
  get("physics").checked ? [] : data.kinds.filter((kind) => kind.radius && shownOfKind.has(kind.name));

function drawRegions(context) {
  for (const { x, y, radius, color } of drawnKinds()) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.globalAlpha = 0.08;
    context.fillStyle = color;
    context.fill();
    context.globalAlpha = 1;
  }
}

const corners = (...points) => (context, x, y, r) => {
  for (const [right, down] of points) context.lineTo(x + right * r, y + down * r);
};
const outlines = {  // of a radius of 1, as vis-network has them
  dot: (context, x, y, r) => context.arc(x, y, r, 0, 2 * Math.PI),
  square: corners([-1, -1], [1, -1], [1, 1], [-1, 1]),
  diamond: corners([0, -1], [1, 0], [0, 1], [-1, 0]),
  triangle: corners([0, -1.01], [1.15, 0.98], [-1.15, 0.98]),
  triangleDown: corners([0, 1.01], [1.15, -0.98], [-1.15, -0.98]),
  hexagon: corners([1, 0], [0.5, 0.87], [-0.5, 0.87], [-1, 0], [-0.5, -0.87], [0.5, -0.87]),
};

function drawShape(context, { shape, color }, x, y, radius) {
  context.beginPath();
  outlines[shape](context, x, y, radius);
  context.closePath();
  context.fillStyle = color;
  context.fill();
  context.stroke();
}

function drawArrow(context, from, to, radius, length) {
  const turn = Math.atan2(to.y - from.y, to.x - from.x);
  const at = (back, aside) => [
    to.x - back * Math.cos(turn) - aside * Math.sin(turn), to.y - back * Math.sin(turn) + aside * Math.cos(turn),
  ];
  context.beginPath();
  for (const point of [[radius, 0], [radius + length, length * 0.4], [radius + length, -length * 0.4]]) {
    context.lineTo(...at(...point));
  }
  context.fill();
}

// Draws a veil over everything, and above the veil again the thing in focus with its relations.
function drawFocus(context, places, scale) {
  const focus = inFocus();
  if (!focus) return;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = focus === state.chosen ? 0.82 : 0.7;
  context.fillStyle = theme("paper");
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
  context.save();
  context.lineWidth = 1.2 / scale;
  context.strokeStyle = context.fillStyle = theme("accent");
  const relations = drawnRelations(focus);
  for (const { edge } of relations) {
    const [from, to] = [places[edge.from.id], places[edge.to.id]];
    context.setLineDash(edge.dashes ? [5 / scale, 4 / scale] : []);
    context.globalAlpha = relations.length > 40 ? 0.3 : 0.6;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    context.globalAlpha = 0.9;
    drawArrow(context, from, to, edge.to.size, 7 / scale);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  for (const thing of neighbours(focus)) {
    context.strokeStyle = theme(thing === focus ? "ink" : "rim");
    context.lineWidth = (thing === focus ? 2 : 1) / scale;
    drawShape(context, thing, places[thing.id].x, places[thing.id].y, thing.size);
  }
  context.restore();
}

const boxAround = (x, y, halfWidth, halfHeight) => ({ x, y, halfWidth, halfHeight });
const isOver = (a, b) =>
  Math.abs(a.x - b.x) < a.halfWidth + b.halfWidth && Math.abs(a.y - b.y) < a.halfHeight + b.halfHeight;
// Cuts a label in the middle, because generated labels differ at their end.
const short = (label) => {
  const signs = [...label];
  return signs.length > 34 ? `${signs.slice(0, 18).join("").trimEnd()}…${signs.slice(-14).join("").trimStart()}` : label;
};
const widths = new Map();

function widthOf(context, words) {
  const key = `${context.font}\n${words}`;
  if (!widths.has(key)) widths.set(key, context.measureText(words).width);
  return widths.get(key);
}

// Labels keep one size on the screen. Each goes where it touches no other and no thing, or is left out; those of the
// things with most relations may touch things.
function drawLabels(context, places, scale) {
  const { clientWidth: width, clientHeight: height } = get("graph");
  const focus = inFocus();
  const near = focus && neighbours(focus);
  const named = ranked
    .filter((thing) => places[thing.id] && (near ? near.has(thing) : !hasRegions || thing.size * scale > 3.4))
    .map((thing) => ({ thing, at: network.canvasToDOM(places[thing.id]), radius: thing.size * scale }))
    .filter(({ at }) => at.x > 0 && at.x < width && at.y > 0 && at.y < height);
  named.sort((a, b) => (b.thing === focus) - (a.thing === focus));
  const bodies = named.map(({ at, radius }) => boxAround(at.x, at.y, radius, radius));
  const taken = [];
  const write = (words, font, ink, centres, isMain = false) => {
    context.font = `${font} ${theme("font")}`;
    const half = widthOf(context, words) / 2 + 4;
    const boxes = centres(half).map(([x, y]) => boxAround(Math.max(half, Math.min(width - half, x)), y, half, 8));
    const isFree = (others) => (box) => !others.some((other) => isOver(box, other));
    const free = boxes.filter(isFree(taken));
    const box = free.find(isFree(bodies)) ?? (isMain ? free[0] : undefined);
    if (!box) return;
    taken.push(box);
    context.fillStyle = theme(ink);
    context.strokeText(words, box.x, box.y);
    context.fillText(words, box.x, box.y);
  };
  context.save();
  const ratio = context.canvas.width / width;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4 });
  context.strokeStyle = theme("paper");
  if (!focus) {
    for (const { x, y, radius, name } of drawnKinds()) {
      const [top, bottom] = [y - radius, y + radius].map((end) => network.canvasToDOM({ x, y: end }));
      const ends = [[top.x, top.y - 10], [top.x, bottom.y + 10]];
      const [words, font] = radius * scale > 50 ? [`${name} · ${shownOfKind.get(name)}`, "600 12px"] : [name, "600 11px"];
      if (top.x > 0 && top.x < width) write(words, font, "soft", () => ends);
    }
  }
  for (const [rank, { thing, at: { x, y }, radius }] of named.entries()) {
    const around = (half) => [
      [x, y + radius + 9], [x, y - radius - 9], [x + radius + half, y], [x - radius - half, y],
    ];
    write(short(thing.label), thing === focus ? "bold 14px" : "12px", "ink", around, rank < (focus ? 1 : 12));
  }
  if (focus && (get("named").checked || scale > 1.4)) {
    for (const { edge, other } of drawnRelations(focus)) {
      const [a, b] = [focus, other].map(({ id }) => network.canvasToDOM(places[id]));
      const between = [0.5, 0.62, 0.4, 0.74].map((part) => [a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part]);
      write(short(nameOf(edge)), "italic 11px", "soft", () => between);
    }
  }
  context.restore();
}

function drawPins(context, places, scale) {
  context.save();
  context.lineWidth = 1.5 / scale;
  context.strokeStyle = theme("ink");
  for (const thing of state.pinned) {
    if (!places[thing.id]) continue;
    context.beginPath();
    context.setLineDash([2 / scale, 2 / scale]);
    context.arc(places[thing.id].x, places[thing.id].y, thing.size + 4 / scale, 0, 2 * Math.PI);
    context.stroke();
  }
  context.restore();
}

function drawOver(context) {
  const places = network.getPositions();
  const scale = network.getScale();
  drawFocus(context, places, scale);
  drawPins(context, places, scale);
  drawLabels(context, places, scale);
}
