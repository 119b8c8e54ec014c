"""The page: the same bytes each time, all of the graph, nothing from outside, and labels that stay text."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from contextlib import contextmanager
from hashlib import sha256
from html.parser import HTMLParser
from itertools import combinations, pairwise
from math import dist
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from kg.view import to_html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from kg import KnowledgeGraph

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = (
    "</script><img src=x onerror=window.hacked=1>",
    "<!--<script>window.hacked=1</script>",
    '"><svg onload="window.hacked=1">',
    "javascript:window.hacked=1",
    'href="javascript:window.hacked=1"',
    "<a href='https://example.org'>href</a>",
    "@@data@@ @@policy@@ ${window.hacked=1}",
    "line \u2028 and paragraph \u2029 separators",
    "__proto__",
)


def hostile_network() -> nx.MultiDiGraph[str]:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, text in enumerate(HOSTILE):
        network.add_node(f"n:{number}", label=text, type=HOSTILE[number // 3], firstPosted=text)
    for number, (text, other) in enumerate(pairwise(HOSTILE)):
        network.add_edge(f"n:{number}", f"n:{number + 1}", text, label=text, evidence=(text, other), assertion=text)
    return network


def small_network() -> nx.MultiDiGraph[str]:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("n:trial", label="NCT05182073", type="clinical trial", enrollment=31, firstPosted="2021-11-24")
    network.add_node("n:ft576", label="FT576", type="product")
    network.add_node("n:bcma", label="BCMA", type="molecule")
    network.add_node("n:new", label="new", type="a type of tomorrow")
    network.add_node("n:newer", label="newer", type="a type of tomorrow")
    said = {"assertion": "stated", "standing": "accepted"}
    network.add_edge("n:trial", "n:ft576", "investigates", label="investigates", evidence=("Table 4, row 12",), **said)
    network.add_edge("n:trial", "n:bcma", "studiesTarget", label="studies target", evidence=("a", "b", "a"), **said)
    network.add_edge("n:trial", "n:bcma", "mentions", label="mentions", evidence=())
    said["standing"] = "unresolved"
    network.add_edge("n:ft576", "n:bcma", "hasTarget", label="has target", evidence=("c",), **said)
    return network


class Parts(HTMLParser):
    """The elements of a page: tag, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), ""))
        self.is_open = True

    def handle_endtag(self, tag: str) -> None:
        self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.elements and self.is_open:
            tag, attributes, text = self.elements[-1]
            self.elements[-1] = tag, attributes, text + data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _, _ in self.elements]

    def texts(self, wanted: str) -> list[str]:
        """Return the texts of the scripts or styles that a browser runs."""
        return [text for tag, attributes, text in self.elements if tag == wanted and "type" not in attributes]

    @property
    def island(self) -> dict[str, Any]:
        [text] = [text for _, attributes, text in self.elements if attributes.get("type") == "application/json"]
        found: dict[str, Any] = json.loads(text)
        return found


def test_same_graph_gives_same_bytes() -> None:
    network = small_network()
    turned: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(network.nodes(data=True))))
    for source, target, key, about in reversed(list(network.edges(keys=True, data=True))):
        turned.add_edge(source, target, key, **about)
    assert to_html(network) == to_html(network) == to_html(turned)


def test_island_holds_every_node_and_edge() -> None:
    network = small_network()
    island = Parts(to_html(network)).island
    assert {node["id"]: (node["label"], node["kind"]) for node in island["nodes"]} == {
        node: (data["label"], data["type"]) for node, data in network.nodes(data=True)
    }
    assert {(edge["from"], edge["relation"], edge["to"]) for edge in island["edges"]} == {
        (source, about["label"], target) for source, target, about in network.edges(data=True)
    }
    edges = {edge["relation"]: edge for edge in island["edges"]}
    assert edges["investigates"]["evidence"] == ["Table 4, row 12"]
    assert edges["studies target"]["evidence"] == ["a", "b"]
    assert [label for label, edge in edges.items() if edge["dashes"]] == ["has target"]
    [trial] = [node for node in island["nodes"] if node["id"] == "n:trial"]
    assert trial["facts"] == [["enrollment", "31"], ["first posted", "2021-11-24"]]


def test_empty_graph_gives_a_page() -> None:
    assert Parts(to_html(nx.MultiDiGraph())).island["nodes"] == []


def test_types_lie_apart(graph: KnowledgeGraph) -> None:
    island = Parts(to_html(graph.to_networkx())).island
    discs = {kind["name"]: kind for kind in island["kinds"]}
    for one, other in combinations(discs.values(), 2):
        assert dist((one["x"], one["y"]), (other["x"], other["y"])) >= one["radius"] + other["radius"]
    for node in island["nodes"]:
        disc = discs[node["kind"]]
        assert dist((node["x"], node["y"]), (disc["x"], disc["y"])) < disc["radius"]


def test_unknown_type_has_a_place_and_a_look() -> None:
    island = Parts(to_html(small_network())).island
    assert [kind["name"] for kind in island["kinds"]] == ["product", "clinical trial", "molecule", "a type of tomorrow"]
    assert {kind["color"] for kind in island["kinds"]} == {"#0072B2", "#E69F00", "#009E73", "#999999"}


def test_page_refers_to_nothing_outside() -> None:
    parts = Parts(to_html(small_network()))
    named = [item for _, attributes, _ in parts.elements for item in attributes.items()]
    assert [value for name, value in named if name in {"src", "href", "action"}] == ["data:,"]
    assert not {"iframe", "object", "embed", "base"} & set(parts.tags)
    assert len(parts.texts("style")) == 2
    for style in parts.texts("style"):
        assert "@import" not in style
        assert set(re.findall(r"url\((.{6})", style)) <= {'"data:'}
    own = parts.texts("script")[-1]
    assert re.findall(r"https?://[^$]*", own) == ["https://clinicaltrials.gov/study/"]
    assert "sourceMappingURL" not in to_html(small_network())


def test_policy_lets_only_the_scripts_and_styles_of_the_page_run() -> None:
    parts = Parts(to_html(small_network()))
    [policy] = [about["content"] or "" for _, about, _ in parts.elements if "http-equiv" in about]
    directives = {name: values for name, *values in (part.split() for part in policy.split(";"))}
    assert directives["default-src"] == ["'none'"]
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        digests = [b64encode(sha256(text.encode()).digest()).decode() for text in parts.texts(tag)]
        assert len(digests) == 2
        assert directives[f"{tag}-src"] == [f"'sha256-{digest}'" for digest in digests]


def test_hostile_text_is_data() -> None:
    page = to_html(hostile_network(), title=HOSTILE[0])
    parts = Parts(page)
    assert {node["label"] for node in parts.island["nodes"]} == set(HOSTILE)
    assert parts.tags.count("script") == page.count("</script>") == 3
    assert not {"img", "svg", "a"} & set(parts.tags)
    assert "<title>&lt;/script&gt;&lt;img" in page
    assert "\u2028" not in page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium")
    if not path:
        pytest.skip("no chromium on the path")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@contextmanager
def opened(chromium: Browser, path: Path, width: int = 1400) -> Iterator[tuple[Page, list[str]]]:
    """Open a page and yield it with what it asks for and what it complains of."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(10_000)
    events: list[str] = []
    page.on("request", lambda request: events.append(request.url))
    page.on("console", lambda message: events.append(message.text))
    page.on("pageerror", lambda error: events.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_function("performance.getEntriesByName('interactive').length")
    yield page, events
    page.close()


def choose(page: Page, name: str) -> str:
    """Search for a thing and return the lines of the panel."""
    page.fill("#query", name)
    page.press("#query", "Enter")
    return panel(page)


def panel(page: Page) -> str:
    return re.sub(r"\n+", "\n", page.inner_text("#about"))


def point_at(page: Page, label: str) -> tuple[float, float]:
    """Return where on the screen a node is."""
    place = page.evaluate("(label) => network.canvasToDOM(data.nodes.find((node) => node.label === label))", label)
    return place["x"], place["y"]


def wait_for_panel(page: Page, label: str) -> None:
    page.wait_for_function("(label) => document.querySelector('#about h2')?.textContent === label", arg=label)


@pytest.fixture(scope="module")
def landscape(graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "landscape.html"
    graph.to_html(path)
    return path


@pytest.fixture(scope="module")
def whole(chromium: Browser, landscape: Path) -> Iterator[tuple[Page, list[str]]]:
    with opened(chromium, landscape) as page_and_events:
        yield page_and_events


@pytest.fixture(scope="module")
def small(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    path = tmp_path_factory.mktemp("page") / "small.html"
    path.write_text(to_html(small_network()), encoding="utf-8")
    with opened(chromium, path) as (page, _):
        page.evaluate("addEventListener('securitypolicyviolation', (e) => { window.stopped = e.effectiveDirective; })")
        yield page


@pytest.mark.browser
def test_whole_graph_opens_with_no_request_and_no_complaint(whole: tuple[Page, list[str]], landscape: Path) -> None:
    page, events = whole
    choose(page, "NCT05182073")
    page.check("#physics")
    page.uncheck("#physics")
    page.click("#whole")
    assert events == [landscape.as_uri()]
    assert page.evaluate("network.body.nodeIndices.length") == page.evaluate("data.nodes.length") > 500


@pytest.mark.browser
def test_panel_says_what_and_where(whole: tuple[Page, list[str]]) -> None:
    page, _ = whole
    told = choose(page, "ft576")
    assert told.startswith("FT576\nproduct\ncarries modification")
    assert re.search(r"\nCD38 KO\nstated; \d places\n(.*\n)*.*Results against BCMA.* \(stated\)", told)
    assert "… investigates this product\nNCT05182073" in told
    page.get_by_role("button", name="NCT05182073", exact=True).click()
    assert "first posted\n2021-11-24" in panel(page)
    link = page.get_by_role("link", name="NCT05182073 on ClinicalTrials.gov")
    assert link.get_attribute("href") == "https://clinicaltrials.gov/study/NCT05182073"
    assert "noopener" in (link.get_attribute("rel") or "")


@pytest.mark.browser
def test_unresolved_relation_is_marked(whole: tuple[Page, list[str]]) -> None:
    page, _ = whole
    choose(page, page.evaluate("things.get(data.edges.find((edge) => edge.dashes).from).label"))
    assert "unresolved" in page.locator("#about .unresolved").all_inner_texts()
    choose(page, "FT576")
    assert page.locator("#about .unresolved").count() == 0


@pytest.mark.browser
def test_click_on_a_node_tells_of_it(whole: tuple[Page, list[str]]) -> None:
    page, _ = whole
    page.click("#whole")
    page.mouse.click(*point_at(page, "CD19"))
    wait_for_panel(page, "CD19")
    page.mouse.click(5, 5)
    page.wait_for_selector("#about h2", state="detached")


@pytest.mark.browser
@pytest.mark.parametrize("is_searched", [True, False])
def test_legend_hides_a_type_and_choosing_shows_it_again(whole: tuple[Page, list[str]], is_searched: bool) -> None:
    page, _ = whole
    choose(page, "FT576")
    count = "network.body.nodeIndices.length"
    before = page.evaluate(count)
    page.get_by_role("checkbox", name=re.compile("^organization")).uncheck()
    assert page.evaluate(count) == before - page.evaluate("kinds.get('organization').count")
    if is_searched:
        choose(page, "Fate Therapeutics")
    else:
        page.get_by_role("button", name="Fate Therapeutics").click()
    wait_for_panel(page, "Fate Therapeutics")
    assert page.evaluate(count) == before


@pytest.mark.browser
def test_unknown_name_is_told(whole: tuple[Page, list[str]]) -> None:
    page, _ = whole
    choose(page, "FT5760")
    assert page.evaluate("get('query').validationMessage") == "Nothing in the graph has this in its label."


@pytest.mark.browser
def test_narrow_page_does_not_overflow(chromium: Browser, landscape: Path) -> None:
    with opened(chromium, landscape, width=400) as (page, _):
        choose(page, "FT576")
        page.click("#types summary")
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        assert page.evaluate("get('graph').getBoundingClientRect().bottom <= get('about').getBoundingClientRect().top")


@pytest.mark.browser
def test_hostile_text_runs_nothing(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(to_html(hostile_network(), title=HOSTILE[0]), encoding="utf-8")
    with opened(chromium, path) as (page, events):
        for text in HOSTILE:
            page.mouse.move(*point_at(page, text))
            page.wait_for_function(
                "(text) => document.querySelector('.vis-tooltip')?.innerText.includes(text)", arg=text
            )
            page.mouse.click(*point_at(page, text))
            wait_for_panel(page, text)
        for text in HOSTILE:
            assert choose(page, text).startswith(text)
        assert page.inner_text("h1") == HOSTILE[0]
        assert page.locator("img, svg, a").count() == 0
        assert page.evaluate("window.hacked") is None
        assert events == [path.as_uri()]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("new Image().src = 'https://example.org/x.png'", "img-src"),
        ("fetch('https://example.org/').catch(() => {})", "connect-src"),
        ("document.body.innerHTML = '<b>'", "require-trusted-types-for"),
        ("document.body.append(make('style', { textContent: '*{}' }))", "style-src-elem"),
    ],
)
def test_policy_stops_what_is_not_of_the_page(small: Page, attempt: str, directive: str) -> None:
    small.evaluate(f"() => {{ try {{ {attempt} }} catch {{ }} }}")
    small.wait_for_function("(directive) => window.stopped === directive", arg=directive)
