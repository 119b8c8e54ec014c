// Choosing, searching, and the controls.
const isNarrow = matchMedia("(max-width: 760px)");  // as in the style

function say(words) {
  get("said").textContent = words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { get("said").textContent = ""; }, 4000);
}

// What is chosen is shown: its type, and all years if the span leaves it out.
function choose(thing, isFar = false) {
  state.chosen = thing;
  state.pointed = null;
  if (thing && state.away.has(thing)) {
    setSpan(wholeSpan);
    tellSpan();
  }
  if (thing && state.hiddenKinds.has(thing.kind)) changeHidden("hiddenKinds", [thing.kind], false);
  else if (thing) onShownChanged();
  tell(thing);
  get("heard").textContent = thing ? `${thing.label}, ${thing.kind}, ${count(thing.relations.length)} relations` : "";
  network.redraw();
  if (thing && isNarrow.matches) get("stage").scrollIntoView();  // with the head of the panel below it
  if (isFar && thing) look([...neighbours(thing)]);
  keepAddress();
}

function point(thing) {
  if (state.pointed === thing) return;
  state.pointed = thing;
  network.redraw();
}

function togglePin(thing) {
  if (state.pinned.has(thing)) unpin([thing]);
  else pin(thing);
  onPinned();
}

function onPinned() {
  get("unpin").hidden = !state.pinned.size;
  if (state.chosen) tell(state.chosen);
  keepAddress();
}

// If several things have the same label, all but the first are found by label and type. A synonym finds its thing.
const names = new Map();
for (const thing of ranked) names.set(names.has(thing.label) ? `${thing.label} (${thing.kind})` : thing.label, thing);
for (const thing of ranked) {
  for (const { name, value } of thing.facts) if (text(name) === "synonym" && !names.has(value)) names.set(value, thing);
}

function search(words, isExact) {
  const query = words.trim().toLowerCase();
  const tests = [(name) => name === query];
  if (query && !isExact) tests.push((name) => name.startsWith(query), (name) => name.includes(query));
  const known = [...names].map(([name, thing]) => [name.trim().toLowerCase(), thing]);
  const thing = tests.map((test) => known.find(([name]) => test(name))).find(Boolean)?.[1];
  if (thing) choose(thing, true);
  return thing;
}

function clearAll() {
  get("query").value = "";
  get("query").setCustomValidity("");
  choose(null);
}

function setTheme() {
  const wanted = document.querySelector("[name=theme]:checked").value;
  document.documentElement.dataset.theme = wanted || (isDark.matches ? "dark" : "light");
  readTheme();
  network.redraw();
}

function savePicture() {
  picture().toBlob((blob) => {
    const href = URL.createObjectURL(blob);
    make("a", { href, download: `${document.title.replace(/[^\w-]+/g, "-") || "graph"}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  });
}

const keys = {
  "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: () => look(things),
  ArrowLeft: () => pan(-60, 0), ArrowRight: () => pan(60, 0), ArrowUp: () => pan(0, -60), ArrowDown: () => pan(0, 60),
};

get("notice").textContent = data.notice;
get("notice").hidden = !data.notice;
get("names").append(...[...names].map(([value, { label, kind }]) =>
  make("option", { value, label: value.startsWith(label) ? kind : `${label}, ${kind}` })));
get("query").oninput = (event) => {
  event.target.setCustomValidity("");
  const isTyped = event.inputType && event.inputType !== "insertReplacementText";
  if (!isTyped) search(event.target.value, true);  // chosen from the suggestions
};
get("query").onkeydown = ({ key }) => {  // not a form: frames of notebooks forbid submitting one
  if (key !== "Enter" || search(get("query").value)) return;
  get("query").setCustomValidity("Nothing in the graph has this name.");
  get("query").reportValidity();
};
get("physics").onchange = ({ target }) => {
  network.setOptions({ physics: { enabled: target.checked } });
  if (!target.checked) nodes.update(things.filter((thing) => !state.pinned.has(thing)).map(({ id, x, y }) => ({ id, x, y })));
};
get("named").onchange = () => network.redraw();
get("whole").onclick = () => look(things);
get("closer").onclick = () => zoom(1.4);
get("farther").onclick = () => zoom(1 / 1.4);
get("save").onclick = savePicture;
get("copy").onclick = copyLink;
get("copy").hidden = location.protocol === "about:";  // in a notebook a view has no address
get("unpin").onclick = () => {
  unpin([...state.pinned]);
  onPinned();
};
get("graph").onkeydown = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
};
document.onkeydown = (event) => {
  if (event.key === "Escape") clearAll();
  if (event.key !== "/" || event.target.matches("input:not([type=checkbox], [type=range], [type=radio])")) return;
  event.preventDefault();
  get("query").focus();
};
for (const choice of document.querySelectorAll("[name=theme]")) choice.onchange = setTheme;
for (const part of document.querySelectorAll("#tools > details")) part.open &&= !isNarrow.matches;

const isDark = matchMedia("(prefers-color-scheme: dark)");
isDark.onchange = setTheme;
network.on("beforeDrawing", drawRegions);
network.on("afterDrawing", drawOver);
network.on("click", ({ nodes: [id] }) => choose(things[id] ?? null));
network.on("hoverNode", ({ node }) => point(things[node]));
network.on("blurNode", () => point(null));
network.on("dragStart", ({ nodes: [id] }) => {
  if (id !== undefined) nodes.update({ id, ...network.getPosition(id), fixed: false });
});
network.on("dragEnd", ({ nodes: [id] }) => {
  if (id !== undefined) pin(things[id]);
  onPinned();
});
network.on("zoom", keepAddress);
network.on("animationFinished", keepAddress);
countKinds();
setTheme();
tellSummary();
tell(null);
look(things, false);
if (location.hash.length > 1) readAddress();
onhashchange = readAddress;
performance.mark("interactive");
