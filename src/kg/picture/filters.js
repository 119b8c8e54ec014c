// What is shown: types, relations, and the years in which trials were first posted.
const switches = { hiddenKinds: new Map(), hiddenRelations: new Map() };

function onShownChanged() {
  if (state.chosen && !isShown(state.chosen)) choose(null);
  else if (!state.chosen) tell(null);
  refresh();
  tellSummary();
  keepAddress();
}

function setHidden(which, values) {
  state[which] = new Set(values);
  for (const [value, box] of switches[which]) box.checked = !state[which].has(value);
  for (const box of document.querySelectorAll(".group > label > input")) {
    const boxes = [...box.closest(".group").querySelectorAll("label + div input")];
    const shown = boxes.filter((one) => one.checked).length;
    box.checked = shown > 0;
    box.indeterminate = shown > 0 && shown < boxes.length;
  }
}

function changeHidden(which, values, isHidden) {
  const hidden = new Set(state[which]);
  for (const value of values) isHidden ? hidden.add(value) : hidden.delete(value);
  setHidden(which, hidden);
  onShownChanged();
}

function makeSwitch(which, value, ...name) {
  const onchange = () => changeHidden(which, [value], !box.checked);
  const box = make("input", { type: "checkbox", checked: true, onchange });
  switches[which].set(value, box);
  return make("label", {}, box, ...name);
}

function makeGroup(name) {
  const members = data.relations.map((relation, i) => ({ ...relation, i })).filter(({ group }) => group === name);
  const onchange = () => changeHidden("hiddenRelations", members.map(({ i }) => i), !box.checked);
  const box = make("input", { type: "checkbox", checked: true, ariaLabel: `all relations of: ${name}`, onchange });
  const boxes = members.map(({ i, name: relation, count: number }) =>
    makeSwitch("hiddenRelations", i, make("span", {}, relation, " ", small(count(number)))));
  return make("div", { className: "group" }, make("label", {}, box, make("b", {}, name)), make("div", {}, ...boxes));
}

function makeAllAndNone(which) {
  const all = [...switches[which].keys()];
  const name = which === "hiddenKinds" ? "types" : "relations";
  const set = (label, isHidden) => {
    const made = button(label, () => changeHidden(which, all, isHidden), "go");
    made.ariaLabel = `${label}: ${name}`;
    return made;
  };
  return make("p", { className: "soft row" }, set("all", false), set("none", true));
}

function tellSummary() {
  const [shown, drawn] = [things.filter(isShown).length, edges.filter(isDrawn).length];
  const of = (some, all) => (some < all ? `${count(some)} of ${count(all)}` : count(all));
  get("summary").textContent = `${of(shown, things.length)} things, ${of(drawn, edges.length)} relations`;
}

function tellSpan() {
  const [from, to] = state.span;
  const inside = dated.filter(({ year }) => year >= from && year <= to).length;
  const undated = trials.length - dated.length;
  get("span").textContent = from === to ? `${from}` : `${from} – ${to}`;
  const stay = undated ? `; ${count(undated)} without a date ${undated > 1 ? "stay" : "stays"}` : "";
  get("within").textContent = `${count(inside)} of ${count(dated.length)} dated trials${stay}`;
  for (const bar of get("bars").children) bar.classList.toggle("out", bar.year < from || bar.year > to);
  [get("from").value, get("to").value] = [from, to];
  [get("from").ariaValueText, get("to").ariaValueText] = [`from ${from}`, `up to ${to}`];
}

function onSlide({ target }) {
  let [from, to] = [Number(get("from").value), Number(get("to").value)];
  if (from > to) [from, to] = target.id === "from" ? [to, to] : [from, from];
  setSpan([from, to]);
  tellSpan();
  onShownChanged();
}

function makeYears() {
  const [first, last] = wholeSpan;
  get("years").hidden = first === last;
  if (first === last) return;
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => dated.filter(({ year }) => year === first + i).length);
  const bars = numbers.map((number, i) => {
    const bar = Object.assign(make("span", { title: `${first + i}: ${number}` }), { year: first + i });
    bar.style.height = `${number && Math.max(6, (100 * number) / Math.max(...numbers))}%`;
    return bar;
  });
  get("bars").append(...bars);
  for (const end of [get("from"), get("to")]) Object.assign(end, { min: first, max: last, oninput: onSlide });
  tellSpan();
}

get("legend").append(...data.kinds.map((kind) =>
  makeSwitch("hiddenKinds", kind.name, swatch(kind), make("span", {}, kind.name, " ", small(count(kind.count))))));
get("legend").before(makeAllAndNone("hiddenKinds"));
get("relations").append(...[...new Set(data.relations.map(({ group }) => group))].map(makeGroup));
get("relations").before(makeAllAndNone("hiddenRelations"));
makeYears();
