"""Views of a theme: the relations that tell of it, with what lies between folded where that reads better.

A folded edge stands for ways over a trial or its patients. Its label says over how many, its evidence names them
beside each place; a way is as firm as its weaker half, the edge as its firmest way, and open if a half of a way is.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from kg.rows import ASSERTIONS
from kg.views import View, only

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence

    import networkx as nx

    Contested = Mapping[str, Collection[str]]
    Ends = tuple[str, str, str]
    Way = tuple[str, Sequence[Mapping[str, Any]]]  # the name of what lies between, and the edges of the way

__all__ = ["THEMES"]

_TRIAL = "clinical trial"
_NAMED_BY_TRIAL = "Left out: products that have no name but that of their only trial, which stands for them."


def competitors(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return products with what they target, who sponsors them and what they are tried in; trials are folded."""
    folded = network.copy()
    _fold_trials(folded, {"studiesDisease": "tried in", "hasSponsor": "sponsored by"})
    keys = {"hasTarget", "developedFor", "developedBy", "studiesDisease via trials", "hasSponsor via trials"}
    tried = {target for _, target, key in network.edges(keys=True) if key == "investigates"}
    found = [(s, t, key) for s, t, key in folded.edges(keys=True) if key in keys and s in tried]
    return View(only(folded, found, tried), "Competitors", "Trials are folded into the lines from products.")


def modifications(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return products with the modifications that they carry or lack, their kinds and purposes, and cell sources."""
    carried = set(_of(network, {"carriesModification", "lacksModification"}))
    products = {source for source, _, _ in carried}
    kinds = _of(network, {"hasModificationKind", "hasPurpose"})
    groups = [edge for edge in _of(network, {"broader"}) if network.nodes[edge[0]]["type"] == "genetic modification"]
    sources = [edge for edge in _of(network, {"derivedFrom"}) if edge[0] in products]
    return View(only(network, [*carried, *kinds, *groups, *sources]), "Modifications")


def sponsors(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return organizations with their trials and products; a product that only its trial names is left out."""
    keys = {"hasSponsor", "ledBy", "supportedBy", "hasCollaborator", "developedBy", "trademarkOf", "investigates"}
    unnamed = _named_by_trial(network)
    found = [edge for edge in _of(network, keys) if edge[1] not in unnamed]
    return View(only(network, found), "Sponsors", _NAMED_BY_TRIAL if unnamed else "")


def combinations(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return trials that combine products, with all that they investigate, combine with and give."""
    folded = network.copy()
    _fold_doses(folded)
    unnamed = _named_by_trial(network)
    found = [e for e in _of(folded, {"combinesWith", "gives"}) if e[1] not in unnamed]
    own = set(_of(network, {"investigates"}))
    combining = {trial for trial, agent, _ in found if (trial, agent, "investigates") not in own}
    found = [edge for edge in [*found, *own] if edge[0] in combining and edge[1] not in unnamed]
    return View(only(folded, found), "Combinations", _NAMED_BY_TRIAL if unnamed else "")


def evidence(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return what sources disagree on: the things of each conflict with the relations between them, and open relations.

    Patients have their trial beside them. ``contested`` is a thing -> its conflicts, as :func:`kg.panels.contested`
    finds them.
    """
    nodes = [node for node in network if node in contested]
    found = {edge for edge in _of(network, {"ofTrial"}) if edge[0] in contested}
    for source, target, key, data in network.edges(keys=True, data=True):
        in_one = set(contested.get(source, ())) & set(contested.get(target, ()))
        if in_one or data.get("standing") == "unresolved":
            found.add((source, target, key))
    return View(only(network, found, nodes), "Where sources disagree")


THEMES: Mapping[str, Callable[[nx.MultiDiGraph[str], Contested], View]] = {
    "combinations": combinations,
    "competitors": competitors,
    "evidence": evidence,
    "modifications": modifications,
    "sponsors": sponsors,
}


def _of(network: nx.MultiDiGraph[str], keys: Container[str]) -> Iterator[Ends]:
    return ((source, target, key) for source, target, key in network.edges(keys=True) if key in keys)


def _named_by_trial(network: nx.MultiDiGraph[str]) -> set[str]:
    """Return the products that one trial investigates and that are named by it, such as ``... (NCT03940820)``."""
    trials: dict[str, list[str]] = {}
    for trial, it, _ in _of(network, {"investigates"}):
        trials.setdefault(it, []).append(network.nodes[trial]["label"])
    return {it for it, of in trials.items() if len(of) == 1 and f"({of[0]})" in network.nodes[it]["label"]}


def _fold_trials(network: nx.MultiDiGraph[str], labels: Mapping[str, str]) -> None:
    """Add an edge from each product to what its trials have by some properties, and take the trials away."""
    ways: dict[Ends, list[Way]] = {}
    trials = [node for node in network if network.nodes[node]["type"] == _TRIAL]
    for trial in trials:
        own = list(network.out_edges(trial, keys=True))
        investigated = [edge for edge in own if edge[2] == "investigates"]
        for one, other in product(investigated, [edge for edge in own if edge[2] in labels]):
            way = network.nodes[trial]["label"], (network.edges[one], network.edges[other])
            ways.setdefault((one[1], other[1], other[2]), []).append(way)
    network.remove_nodes_from(trials)
    for (source, target, key), over in sorted(ways.items()):
        network.add_edge(source, target, f"{key} via trials", **_folded(labels[key], over, "trials"))


def _fold_doses(network: nx.MultiDiGraph[str]) -> None:
    """Add an edge from each trial to what it or its patients were given."""
    ways: dict[Ends, list[Way]] = {}
    trial_of = {arm: trial for arm, trial, _ in _of(network, {"ofTrial"})}
    for it, given, key in network.edges(keys=True):
        trial = trial_of.get(it, it)
        if key.startswith("administration/") and network.nodes[trial]["type"] == _TRIAL:
            name = "" if it == trial else network.nodes[it]["label"]
            way = name, (network.edges[it, given, key],)
            ways.setdefault((trial, given, "gives"), []).append(way)
    for edge, over in sorted(ways.items()):
        network.add_edge(*edge, **_folded("gives", over, "groups of patients"))


def _folded(label: str, ways: Sequence[Way], what: str) -> dict[str, Any]:
    """Return what an edge carries that stands for some ways; one over nothing has no name."""
    names = sorted({name for name, _ in ways if name})
    halves = [half for _, way in ways for half in way]
    firmness = [max((half["assertion"] for half in way), key=ASSERTIONS.index) for _, way in ways]
    places = {f"{name}: {place}" if name else place for name, way in ways for half in way for place in half["evidence"]}
    over = names[0] if len(names) == 1 else f"{len(names)} {what}"
    return {
        "label": f"{label}, via {over}" if names else label,
        "assertion": min(firmness, key=ASSERTIONS.index),
        "standing": "unresolved" if any(half["standing"] == "unresolved" for half in halves) else "accepted",
        "evidence": tuple(sorted(places)),
    }
