// The view: what part of the picture is in sight, which things are pinned, and saving it as an image.
function look(these, isSlow = !isStill.matches) {
  const ids = these.filter(isShown).map(({ id }) => id);
  const animation = isSlow && { duration: 400, easingFunction: "easeInOutQuad" };
  if (ids.length) network.fit({ nodes: ids, maxZoomLevel: 1.6, animation });
}

function zoom(factor) {
  const scale = Math.max(0.02, Math.min(12, network.getScale() * factor));
  network.moveTo({ scale, animation: isStill.matches ? false : { duration: 200, easingFunction: "easeOutQuad" } });
  keepAddress();
}

function pan(right, down) {
  const { x, y } = network.getViewPosition();
  network.moveTo({ position: { x: x + right / network.getScale(), y: y + down / network.getScale() } });
  keepAddress();
}

// Dragged things stay where they are put, also while the others move.
function pin(thing, place = network.getPosition(thing.id)) {
  state.pinned.add(thing);
  nodes.update({ id: thing.id, ...place, fixed: true });
}

function unpin(these) {
  for (const thing of these) state.pinned.delete(thing);
  nodes.update(these.map(({ id, x, y }) => ({ id, x, y, fixed: false })));
}

// The view with its title and its legend, as a picture.
function picture() {
  const view = get("graph").querySelector("canvas");
  const ratio = view.width / get("graph").clientWidth;
  const margin = 20;
  const width = view.width / ratio;
  const canvas = make("canvas", { width: view.width });
  const context = canvas.getContext("2d");
  const write = (font, ink, words, x, y) => {
    Object.assign(context, { font: `${font} ${theme("font")}`, fillStyle: theme(ink), textBaseline: "middle" });
    context.fillText(words, x, y);
    return context.measureText(words).width;
  };
  const legend = data.kinds.filter(({ name }) => shownOfKind.has(name));
  context.font = `12px ${theme("font")}`;
  let [x, row] = [margin, 0];
  const spots = legend.map((kind) => {
    const needed = context.measureText(kind.name).width + 36;
    if (x > margin && x + needed > width - margin) [x, row] = [margin, row + 1];
    x += needed;
    return { kind, x: x - needed, row };
  });
  const [head, foot] = [52, 2 * margin + row * 22];
  canvas.height = view.height + (head + foot) * ratio;
  context.fillStyle = theme("paper");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(view, 0, head * ratio);
  context.scale(ratio, ratio);
  write("bold 18px", "ink", document.title, margin, head / 2);
  context.strokeStyle = theme("rim");
  for (const spot of spots) {
    const y = head + view.height / ratio + margin + spot.row * 22;
    drawShape(context, spot.kind, spot.x + 6, y, 6);
    write("12px", "ink", spot.kind.name, spot.x + 18, y);
  }
  return canvas;
}
