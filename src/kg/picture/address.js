// The fragment of the address keeps the view: what is chosen, hidden and pinned, the years, the middle and the scale.
let isKept = null;

const inWhole = ({ x, y }) => [Math.round(x), Math.round(y)];

function fragment() {
  const parts = new URLSearchParams();
  if (state.chosen) parts.set("thing", state.chosen.iri);
  for (const kind of state.hiddenKinds) parts.append("without", kind);
  for (const i of state.hiddenRelations) parts.append("unrelated", data.relations[i].name);
  if (state.span !== wholeSpan && `${state.span}` !== `${wholeSpan}`) parts.set("years", state.span.join("-"));
  for (const { id, iri } of state.pinned) parts.append("pin", [...inWhole(network.getPosition(id)), iri].join("_"));
  parts.set("view", [...inWhole(network.getViewPosition()), network.getScale().toPrecision(4)].join("_"));
  return parts.toString();
}

function keepAddress() {
  clearTimeout(isKept);
  isKept = setTimeout(() => {
    try {
      history.replaceState(null, "", `#${fragment()}`);
    } catch {
      // a frame without an address of its own, as in a notebook
    }
  }, 300);
}

const isWithin = (number, low, high) => Number.isFinite(number) && number >= low && number <= high;

// Reads the view from the address; parts that are not understood are ignored.
function readAddress() {
  clearTimeout(isKept);
  const parts = new URLSearchParams(location.hash.slice(1));
  setHidden("hiddenKinds", parts.getAll("without").filter((name) => kinds.has(name)));
  const relations = new Map(data.relations.map(({ name }, i) => [name, i]));
  const hidden = parts.getAll("unrelated").filter((name) => relations.has(name));
  setHidden("hiddenRelations", hidden.map((name) => relations.get(name)));
  const [, from, to] = /^(\d{4})-(\d{4})$/.exec(parts.get("years") ?? "")?.map(Number) ?? [];
  const isSpan = from <= to && isWithin(from, ...wholeSpan) && isWithin(to, ...wholeSpan);
  setSpan(isSpan ? [from, to] : wholeSpan);
  if (dated.length) tellSpan();
  unpin([...state.pinned]);
  for (const [, x, y, iri] of parts.getAll("pin").map((part) => /^(-?\d{1,6})_(-?\d{1,6})_(.*)$/s.exec(part) ?? [])) {
    if (byIri.has(iri)) pin(byIri.get(iri), { x: Number(x), y: Number(y) });
  }
  onPinned();
  choose(byIri.get(parts.get("thing")) ?? null);
  onShownChanged();
  const [x, y, scale] = (parts.get("view") ?? "").split("_").map((part) => (part ? Number(part) : NaN));
  if (isWithin(x, -1e6, 1e6) && isWithin(y, -1e6, 1e6) && isWithin(scale, 0.01, 20)) {
    network.moveTo({ position: { x, y }, scale });
  }
}

async function copyLink() {
  const link = `${location.href.split("#")[0]}#${fragment()}`;
  try {
    await navigator.clipboard.writeText(link);
    say("The link to this view is copied.");
  } catch {
    say("The browser lets no page copy; the address bar has the link.");
  }
}
