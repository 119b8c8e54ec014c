"use strict";
// What there is and what is shown of it. Labels and evidence are text wherever they go: textContent, canvas text,
// or vis-network's plain titles.
const get = (id) => document.getElementById(id);
const data = JSON.parse(get("data").textContent);
const text = (number) => data.texts[number];
const count = (number) => number.toLocaleString("en");

const kinds = new Map(data.kinds.map((kind) => [kind.name, kind]));
const things = data.nodes.map((node) => ({ facts: [], conflicts: [], identifiers: [], ...node, relations: [] }));
const edges = data.edges.map((edge) => ({ ...edge, label: text(edge.name), from: things[edge.from], to: things[edge.to] }));
const isOwn = ({ from, to }) => from === to;  // a relation of a thing with itself: the panel tells it, no line is drawn
for (const edge of edges) edge.from.relations.push({ edge, other: edge.to, isOut: true });
for (const edge of edges) if (!isOwn(edge)) edge.to.relations.push({ edge, other: edge.from, isOut: false });
// A finding is named by its own words, any other relation by the name of its kind.
const nameOf = ({ label, relation }) => {
  const { name } = data.relations[relation];
  return label.startsWith(name) ? name : label;
};
// Things with most relations come first; among equals, the thing of the rarer type: a sponsor before its only trial.
const rarity = (thing) => kinds.get(thing.kind).count;
const ranked = [...things].sort((a, b) =>
  b.relations.length - a.relations.length || rarity(a) - rarity(b) || a.id - b.id);
const byIri = new Map(things.map((thing) => [thing.iri, thing]));

const trials = things.filter((thing) => thing.year || thing.kind === "clinical trial");
const dated = trials.filter((trial) => trial.year);
const wholeSpan = dated.length
  ? [Math.min(...dated.map((trial) => trial.year)), Math.max(...dated.map((trial) => trial.year))]
  : [0, 0];

const state = {
  chosen: null,
  pointed: null,  // the thing under the mouse, or with the focus of the keyboard
  hiddenKinds: new Set(),
  hiddenRelations: new Set(),  // their numbers
  span: wholeSpan,
  away: new Set(),  // trials outside of the span, and things that are in the picture only through such trials
  pinned: new Set(),
};

const isShown = (thing) => !state.hiddenKinds.has(thing.kind) && !state.away.has(thing);
const isDrawn = (edge) => !state.hiddenRelations.has(edge.relation) && isShown(edge.from) && isShown(edge.to);
const drawnRelations = (thing) => thing.relations.filter(({ edge }) => isDrawn(edge) && !isOwn(edge));
const neighbours = (thing) => new Set([thing, ...drawnRelations(thing).map(({ other }) => other)]);

// Each thing depends on the trials that are nearest to it: it is hidden when all of them are.
const fromTrials = [];
{
  const steps = new Map(trials.map((trial) => [trial, 0]));
  const queue = [...trials];
  for (const thing of queue) {
    for (const { other } of thing.relations) {
      if (!steps.has(other)) queue.push(other);
      if (!steps.has(other)) steps.set(other, steps.get(thing) + 1);
    }
  }
  for (const thing of queue.slice(trials.length)) {
    const nearer = thing.relations.map(({ other }) => other).filter((other) => steps.get(other) < steps.get(thing));
    fromTrials.push([thing, nearer]);
  }
}

function setSpan([from, to]) {
  state.span = [from, to];
  state.away = new Set(dated.filter(({ year }) => year < from || year > to));
  for (const [thing, nearer] of fromTrials) {
    if (nearer.every((other) => state.away.has(other))) state.away.add(thing);
  }
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function swatch({ color, shape }) {
  const mark = make("span", { className: `swatch ${shape}`, ariaHidden: "true" });
  mark.style.background = color;
  return mark;
}
