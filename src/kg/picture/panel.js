// The panel of the chosen thing: each statement with the places where it is written.
function tell(thing) {
  const about = get("about");
  const isInside = about.contains(document.activeElement);
  about.replaceChildren(...(thing ? aboutThing(thing) : overview()));
  about.scrollTop = 0;
  if (isInside) about.focus({ preventScroll: true });  // else a keyboard user would lose the focus with the button
}

function aboutThing(thing) {
  const groups = new Map();
  for (const relation of thing.relations) {
    const { edge, isOut } = relation;
    const { name } = data.relations[edge.relation];
    const title = isOut || nameOf(edge) !== name ? name : `… ${name} this ${thing.kind}`;
    groups.set(title, [...(groups.get(title) ?? []), relation]);
  }
  return [
    make("h2", {}, thing.label),
    make("p", { className: "type soft" }, swatch(thing), thing.kind),
    make("p", { className: "row" },
      button("Show neighbours", () => look([...neighbours(thing)])),
      button(state.pinned.has(thing) ? "Unpin" : "Pin", () => togglePin(thing)),
      button("Close", () => choose(null))),
    ...tellConflicts(thing.conflicts),
    ...tellFacts(thing.facts),
    ...[...groups].flatMap(([title, relations]) => [
      make("h3", {}, title, ...(relations.length > 1 ? [" ", small(count(relations.length))] : [])),
      make("ul", {}, ...relations.map(tellRelation)),
    ]),
    ...section("Elsewhere", thing.identifiers, tellIdentifier),
    make("h3", {}, "IRI"),
    make("p", { className: "soft" }, thing.iri),
  ];
}

const button = (name, onclick, className = "") => make("button", { type: "button", className, onclick }, name);
const small = (words) => make("span", { className: "soft" }, words);
const section = (title, items, told) =>
  items.length ? [make("h3", {}, title), make("ul", {}, ...items.map(told))] : [];
const unresolved = () => make("span", { className: "unresolved" }, "unresolved");

function tellFacts(facts) {
  const names = new Map();
  for (const fact of facts) names.set(text(fact.name), [...(names.get(text(fact.name)) ?? []), fact]);
  if (!names.size) return [];
  const rows = [...names].flatMap(([name, values]) => [make("dt", {}, name), make("dd", {}, ...tellValues(values))]);
  return [make("dl", {}, ...rows)];
}

// Many values of one kind are shown only on demand, so that the next kind is not far below.
function tellValues(values) {
  const told = values.map(tellFact);
  return told.length > 4 ? [make("details", {}, make("summary", {}, `${told.length} values`), ...told)] : told;
}

function tellFact({ value, assertion, standing, evidence = [] }) {
  const line = make("div", {}, value);
  if (text(standing) === "unresolved") line.append(unresolved());
  if (evidence.length) {
    const number = evidence.length === 1 ? "1 place" : `${evidence.length} places`;
    line.append(make("details", { className: "soft" },
      make("summary", {}, text(assertion) ? `${text(assertion)}, ${number}` : number), lines(evidence.map(text))));
  }
  return line;
}

const lines = (places) => make("ul", { className: "soft places" }, ...places.map((place) => make("li", {}, place)));

// Shows one place where it is said most firmly; the others are shown on demand.
function places(assertion, evidence) {
  const isFirm = (place) => place.endsWith(`(${assertion})`);
  const [first, ...others] = evidence.map(text).sort((a, b) => isFirm(b) - isFirm(a));
  if (first === undefined) return [];
  const more = make("summary", {}, others.length === 1 ? "1 more place" : `${others.length} more places`);
  return [lines([first]), ...(others.length ? [make("details", { className: "soft" }, more, lines(others))] : [])];
}

function tellConflicts(conflicts) {
  if (!conflicts.length) return [];
  const open = conflicts.length === 1;
  return [make("section", { className: "conflicts", ariaLabel: "Sources disagree" },
    make("h3", {}, "Sources disagree"), ...conflicts.map((conflict) => tellConflict(conflict, open)))];
}

function tellConflict({ label, values, resolution }, open) {
  const rows = values.map(([value, places]) => make("li", {}, text(value), lines(places.map(text))));
  return make("details", { open }, make("summary", {}, text(label)), make("ul", {}, ...rows),
    make("p", {}, text(resolution)));
}

function tellRelation({ edge, other }) {
  const item = make("li", {}, ...(isOwn(edge) ? [] : [way(other)]));
  if (isOwn(edge) || edge.label !== data.relations[edge.relation].name) item.append(make("div", {}, edge.label));
  if (edge.dashes) item.append(unresolved());
  item.append(...places(text(edge.assertion), edge.evidence));
  return item;
}

// A button that leads to a thing; while the button has the focus, the picture points at the thing.
function way(thing) {
  const to = button(thing.label, () => choose(thing, true), "go");
  to.onfocus = to.onmouseenter = () => point(thing);
  to.onblur = to.onmouseleave = () => point(null);
  return to;
}

function tellIdentifier({ code, name, match, address }) {
  const link = isPage(address)
    ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, code)
    : make("span", {}, code, address ? ` ${address}` : "");
  return make("li", {}, link, " ", name, " ", small(match));
}

function isPage(address) {
  try {
    return /^https?:$/.test(new URL(address).protocol);
  } catch {
    return false;
  }
}

// The panel if nothing is chosen: where to begin. The keyboard reaches all of it.
function overview() {
  const isOpen = ({ edge, isOut }) => isOut && edge.dashes;
  const isDisputed = (thing) => thing.conflicts.length || thing.relations.some(isOpen);
  const order = [...kinds.keys()];
  const inDispute = ranked.filter((thing) => isShown(thing) && isDisputed(thing))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)).slice(0, 8);
  if (!things.some(isShown)) return [make("p", {}, "Nothing is shown: all types or trials are switched off.")];
  const tops = data.kinds.map(({ name }) => ranked.filter((thing) => thing.kind === name && isShown(thing)).slice(0, 3));
  return [
    ...introduction,
    ...section("Where sources disagree", inDispute, (thing) => make("li", {}, way(thing))),
    ...(edges.some(({ dashes }) => dashes) ? [make("p", {}, small("A dashed line is a relation that is unresolved."))] : []),
    make("h3", {}, "Where most relations meet"),
    ...tops.filter((top) => top.length).map((top) =>
      make("div", { className: "top" }, swatch(top[0]), make("div", {}, small(top[0].kind), ...top.map(way)))),
  ];
}
const introduction = [...get("about").children];
