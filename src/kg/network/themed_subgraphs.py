"""Views of a theme: the relations that tell of it, where some things are folded into edges to make it readable.

A folded edge stands for one or several ways from thing to thing over a trial or its patients. Its label says over how
many, ``relation`` says which kind of relation it is, and its evidence names the trial or patients with each place. A
way is as firm as its weakest part; the edge is as firm as its firmest way. The edge is unresolved if any part is.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from kg.model.assertions import ASSERTIONS
from kg.network.subgraphs import View, only

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence

    import networkx as nx

    Contested = Mapping[str, Collection[str]]
    Ends = tuple[str, str, str]
    Way = tuple[str, Sequence[Mapping[str, Any]]]  # the name of what lies between, and the edges of the way

__all__ = ["THEMES"]

_TRIAL = "clinical trial"
_NAMED_BY_TRIAL = "Left out: products that have no name but that of their only trial, which stands for them."
_SHARED = (
    "Trials are folded into the lines. A product that has no name but that of its trial is folded into its sponsor. "
    "Left out: targets and diseases that one organization alone works on."
)


def competitors(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return the targets and diseases that several organizations work on, with these organizations and their products.

    A product that has no name but that of its trial is folded into the sponsor. A trial is folded into the edges
    between the things that it links.
    """
    folded = network.copy()
    unnamed = _fold_unnamed(folded)
    _fold_trials(folded, {"studiesDisease": "tried in", "hasSponsor": "sponsored by"})
    tried = {target for _, target, _ in _of(network, {"investigates"})} - unnamed
    owned = [edge for edge in _of(folded, {"developedBy", "hasSponsor via trials"}) if edge[0] in tried]
    own_aims = {"hasTarget", "developedFor", "studiesDisease via trials"}
    aims = [edge for edge in _of(folded, own_aims) if edge[0] in tried]
    aims += _of(folded, {"hasTarget of products", "studiesDisease of products"})
    shared = _shared(aims, owned)
    found = [edge for edge in aims if edge[1] in shared]
    rivals = {source for source, *_ in found}
    return View(only(folded, [*found, *(edge for edge in owned if edge[0] in rivals)]), "Competitors", _SHARED)


def modifications(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return products with their cell sources, and the modifications they carry or lack, with kinds and purposes."""
    carried = set(_of(network, {"carriesModification", "lacksModification"}))
    products = {source for source, _, _ in carried}
    kinds = _of(network, {"hasModificationKind", "hasPurpose"})
    groups = [edge for edge in _of(network, {"broader"}) if network.nodes[edge[0]]["type"] == "genetic modification"]
    sources = [edge for edge in _of(network, {"derivedFrom"}) if edge[0] in products]
    return View(only(network, [*carried, *kinds, *groups, *sources]), "Modifications")


def sponsors(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return organizations with their trials and products, but no product that has only the name of its trial."""
    keys = {"hasSponsor", "ledBy", "supportedBy", "hasCollaborator", "developedBy", "trademarkOf", "investigates"}
    unnamed = _named_by_trial(network)
    found = [edge for edge in _of(network, keys) if edge[1] not in unnamed]
    return View(only(network, found), "Sponsors", _NAMED_BY_TRIAL if unnamed else "")


def combinations(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return trials that combine products, with all products that they investigate, combine with and give."""
    folded = network.copy()
    _fold_doses(folded)
    unnamed = _named_by_trial(network)
    found = [e for e in _of(folded, {"combinesWith", "gives"}) if e[1] not in unnamed]
    own = set(_of(network, {"investigates"}))
    combining = {trial for trial, agent, _ in found if (trial, agent, "investigates") not in own}
    found = [edge for edge in [*found, *own] if edge[0] in combining and edge[1] not in unnamed]
    return View(only(folded, found), "Combinations", _NAMED_BY_TRIAL if unnamed else "")


def evidence(network: nx.MultiDiGraph[str], contested: Contested) -> View:
    """Return what sources disagree on: the things of each conflict, the relations between them, unresolved relations.

    Patients are shown with their trial. ``contested`` maps a thing to its conflicts, as
    :func:`kg.picture.side_panel.contested` finds them.
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


def _named_by_trial(network: nx.MultiDiGraph[str]) -> dict[str, str]:
    """Return product -> trial, if a product has only one trial and its name, as in ``... (NCT03940820)``."""
    trials: dict[str, list[str]] = {}
    for trial, it, _ in _of(network, {"investigates"}):
        trials.setdefault(it, []).append(trial)
    labels = network.nodes(data="label")
    return {it: of[0] for it, of in trials.items() if len(of) == 1 and f"({labels[of[0]]})" in labels[it]}


def _shared(aims: Iterable[Ends], owned: Iterable[Ends]) -> set[str]:
    """Return the aims (targets and diseases) of several organizations; a product without one counts as its own."""
    owners: dict[str, set[str]] = {}
    for source, organization, _ in owned:
        owners.setdefault(source, set()).add(organization)
    behind: dict[str, list[set[str]]] = {}
    for source, aim, _ in aims:
        behind.setdefault(aim, []).append(owners.get(source, {source}))
    return {aim for aim, groups in behind.items() if not set.intersection(*groups)}


def _fold_unnamed(network: nx.MultiDiGraph[str]) -> set[str]:
    """Add edges from sponsors to the aims of products that have only the name of their trial; return these products."""
    labels = {"hasTarget": "has products against", "studiesDisease": "tries products in"}
    ways: dict[Ends, list[Way]] = {}
    unnamed = set()
    for it, trial in _named_by_trial(network).items():
        own = list(network.out_edges(trial, keys=True))
        found = product(
            [edge for edge in own if edge[2] == "hasSponsor"],
            [edge for edge in own if edge[1:] == (it, "investigates")],
            [edge for edge in [*own, *network.out_edges(it, keys=True)] if edge[2] in labels],
        )
        for sponsor, investigated, aim in found:
            parts = tuple(network.edges[edge] for edge in (sponsor, investigated, aim))
            ways.setdefault((sponsor[1], aim[1], aim[2]), []).append((network.nodes[trial]["label"], parts))
            unnamed.add(it)
    for (source, target, key), over in sorted(ways.items()):
        network.add_edge(source, target, f"{key} of products", **_folded(labels[key], over, "trials"))
    return unnamed


def _fold_trials(network: nx.MultiDiGraph[str], labels: Mapping[str, str]) -> None:
    """Add an edge from each product to what its trials have by some properties, and remove the trials."""
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
    """Add an edge from each trial to each product that its patients were given."""
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
    """Return the attributes of an edge that stands for some ways; a way that leads over nothing has no name."""
    names = sorted({name for name, _ in ways if name})
    parts = [part for _, way in ways for part in way]
    firmness = [max((part["assertion"] for part in way), key=ASSERTIONS.index) for _, way in ways]
    places = {f"{name}: {place}" if name else place for name, way in ways for part in way for place in part["evidence"]}
    over = names[0] if len(names) == 1 else f"{len(names)} {what}"
    return {
        "label": f"{label}, via {over}" if names else label,
        "relation": label,
        "assertion": min(firmness, key=ASSERTIONS.index),
        "standing": "unresolved" if any(part["standing"] == "unresolved" for part in parts) else "accepted",
        "evidence": tuple(sorted(places)),
    }
