"""Trials in time: a landscape counted by hand, queries of the catalogue, and the shipped data."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from landscapes import landscape

from kg.analytics.landscape import Landscape, read_landscape
from kg.analytics.pace import age, ages, entries, open_trials, pace, trials_by
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg import KnowledgeGraph
    from kg.analytics.table import Measure

WORLD = """
    trial/one    studiesTarget  molecule/a molecule/b
    trial/one    hasSponsor     organization/x
    trial/one    firstPosted    2019-03-01
    trial/one    hasStatus      status/open
    trial/one    enrollment     12
    trial/two    studiesTarget  molecule/a
    trial/two    hasSponsor     organization/y
    trial/two    firstPosted    2021-03-01
    trial/two    hasStatus      status/open status/closed
    trial/three  studiesTarget  molecule/a
    trial/three  hasSponsor     organization/x
    trial/three  firstPosted    2021-02
    trial/three  hasStatus      status/closed
    trial/four   hasSponsor     organization/z
    trial/four   doesNotDisclose aspect/target
    trial/four   firstPosted    2021-03-01
    trial/five   hasSponsor     organization/z
    trial/six    studiesTarget  molecule/b
    trial/six    hasSponsor     organization/y
    trial/six    firstPosted    2019-03-01
    trial/one    label          one
    status/open  label          Recruiting
"""


@pytest.fixture(scope="module")
def world() -> Landscape:
    # the helper parts values at blanks, so the labels of the other statuses are one word
    return landscape(WORLD)


@pytest.fixture(scope="module")
def shipped(graph: KnowledgeGraph) -> Landscape:
    return read_landscape(graph.store)


def cells(measure: Measure) -> list[tuple[object, ...]]:
    return [row.cells for row in measure.rows]


def test_trials_a_year_with_what_is_not_told_apart(world: Landscape) -> None:
    measure = pace(world, "target")
    assert measure.columns == ("target", "trials", "first", "latest", "undated", "2019", "2020", "2021")
    assert cells(measure) == [
        ("a", 3, "2019-03-01", "2021-03-01", 0, 1, 0, 2),
        ("b", 2, "2019-03-01", "2019-03-01", 0, 2, 0, 0),
        ("not reported", 1, None, None, 1, 0, 0, 0),
        ("undisclosed", 1, "2021-03-01", "2021-03-01", 0, 0, 0, 1),
    ]


def test_rows_rest_on_the_facts_of_their_trials(world: Landscape) -> None:
    rows = pace(world, "target").rows
    found = {(relation, trial.rpartition("/")[2]) for relation, trial, _ in rows[0].facts()}
    assert found == {("target", "one"), ("target", "two"), ("target", "three")}
    assert list(rows[2].facts()) == []
    assert all(world.triples(fact) for row in entries(world).rows for fact in row.facts())


def test_first_in_class_and_followers(world: Landscape) -> None:
    """Three enters a in a month of which no day is known, with a sponsor that was there; x and y enter b in one day."""
    assert cells(entries(world, "target")) == [
        ("a", 1, "x", "2019-03-01", 0, "one", 2),
        ("a", 2, "y", "2021-03-01", 731, "two", 1),
        ("b", 1, "x", "2019-03-01", 0, "one", 1),
        ("b", 1, "y", "2019-03-01", 0, "six", 1),
    ]


def test_a_month_is_no_number_of_days() -> None:
    world = landscape(
        """
        trial/one studiesTarget molecule/a
        trial/one hasSponsor organization/x
        trial/one firstPosted 2021-02
        trial/two studiesTarget molecule/a
        trial/two hasSponsor organization/y
        trial/two firstPosted 2021-02-20
        """
    )
    assert [row[1:5] for row in cells(entries(world))] == [(1, "x", "2021-02", None), (2, "y", "2021-02-20", None)]


def test_ages_of_statuses(world: Landscape) -> None:
    """Until 2023-03-01: one is 4 years old, two 2, three 2.1; the trials without a status are 2 and 4."""
    measure = ages(world, "2023-03-01")
    assert measure.columns[3:] == ("under_1", "under_2", "under_3", "under_5", "5_and_more")
    assert cells(measure) == [
        ("Recruiting", 2, 3.0, 0, 1, 0, 1, 0),
        ("closed", 2, 2.0, 0, 1, 1, 0, 0),
        ("not reported", 2, 3.0, 0, 1, 0, 1, 0),
    ]
    assert [row[1:3] for row in cells(ages(world))] == [(2, 1.0), (2, 0.0), (2, 1.0)]


def test_trials_that_have_recruited_for_long(world: Landscape) -> None:
    assert cells(open_trials(world, "2023-03-01", 3)) == [
        ("one", "Recruiting", "2019-03-01", 4.0, "a; b", None, 12, "x")
    ]
    rows = cells(open_trials(world, "2023-03-01", 1))
    assert [row[:2] for row in rows] == [("one", "Recruiting"), ("two", "Recruiting; closed")]  # sources disagree
    assert cells(open_trials(world, "2021-03-01", 3)) == []


def test_what_was_not_posted_by_the_day_has_no_age(world: Landscape) -> None:
    assert cells(ages(world, "2020-03-01"))[0] == ("Recruiting", 1, 1.0, 0, 1, 0, 0, 0)


def test_dates_of_other_forms_are_none() -> None:
    """A year, a text and no date at all: without one, nothing tells until when ages would be."""
    for date_ in ("", "trial/one firstPosted 2020", "trial/one firstPosted soon"):
        other = landscape(f"trial/one hasStatus status/open\nstatus/open label Recruiting\n{date_}")
        assert other.posted == {}
        assert [cells(measure) for measure in (ages(other), open_trials(other, years=0))] == [[], []]
        assert cells(pace(other, "status")) == [("Recruiting", 1, None, None, 1)]


def test_wrong_use_is_told(world: Landscape) -> None:
    with pytest.raises(
        UsageError, match=r"no relation 'targets'; nearest: target, .*; expected one of agent, disease, "
    ):
        pace(world, "targets")
    with pytest.raises(UsageError, match="'soon' is no day; expected one such as"):
        ages(world, "soon")
    with pytest.raises(UsageError, match="'2024-02-30' is no day"):
        open_trials(world, "2024-02-30")


def test_empty_landscape_has_no_rows() -> None:
    empty = landscape("")
    assert [pace(empty).rows, entries(empty).rows, ages(empty).rows, open_trials(empty).rows] == [[], [], [], []]


def test_age_is_in_years() -> None:
    assert age("2020-01-01", "2024-01-01") == pytest.approx(4, abs=0.01)
    assert age("2020-01", "2020-07-01") == pytest.approx(0.5, abs=0.01)


def test_years_are_those_of_the_catalogue(shipped: Landscape, graph: KnowledgeGraph) -> None:
    """Against SPARQL: trials of the tables by year and by year and group."""
    listed = {row["year"]: row["listed_trials"] for row in graph.query("trials_by_year")}
    groups = pace(shipped, "group")
    years = groups.columns[5:]
    sums = dict(zip(years, map(sum, zip(*(row[5:] for row in cells(groups)), strict=True)), strict=True))
    assert {int(year): count for year, count in sums.items() if count} == listed
    by_group = {
        (row["group"], str(row["year"])): row["listed_trials"] for row in graph.query("trials_by_year_and_group")
    }
    ours = {
        (str(row[0]), year): count for row in cells(groups) for year, count in zip(years, row[5:], strict=True) if count
    }
    assert ours == by_group


def test_entries_are_those_that_a_query_finds(shipped: Landscape, graph: KnowledgeGraph) -> None:
    text = """
        PREFIX kg: <https://w3id.org/immunokg/ontology/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?target ?sponsor (STR(MIN(?day)) AS ?entered) (COUNT(DISTINCT ?trial) AS ?trials)
        WHERE {
          ?trial kg:studiesTarget/rdfs:label ?target ; kg:hasSponsor/rdfs:label ?sponsor ; kg:firstPosted ?day .
        }
        GROUP BY ?target ?sponsor
    """
    expected = {tuple(row.values()) for row in graph.query(text)}
    assert {(row[0], row[2], row[3], row[6]) for row in cells(entries(shipped))} == expected


def test_first_in_class_of_the_shipped_data(shipped: Landscape) -> None:
    first = {row[0]: row[2:6] for row in cells(entries(shipped)) if row[1] == 1}
    assert first["CD19"] == ("St. Jude Children's Research Hospital", "2009-10-01", 0, "NCT00995137")
    assert first["BCMA"][1:] == ("2019-05-01", 0, "NCT03940833")
    source = cells(pace(shipped, "source"))
    assert [row[:2] for row in source[-2:]] == [("undisclosed", 50), ("not reported", 7)]


def test_stale_trials_of_the_shipped_data(shipped: Landscape, graph: KnowledgeGraph) -> None:
    """Counted from the table of trials: open, and posted three years or more before the last one, 2024-12-19."""
    last = date(2024, 12, 19)
    expected = Counter(
        row["trial"]
        for row in graph.query("trials")
        if {"Recruiting", "Not yet recruiting"} & set(row["status"].split("; "))
        and (last - date.fromisoformat(row["first_posted"])).days >= 3 * 365.25
    )
    assert Counter(str(row[0]) for row in cells(open_trials(shipped))) == expected
    assert cells(open_trials(shipped))[0][:4] == ("NCT03692663", "Recruiting; Unknown", "2018-12-01", 6.1)


def test_every_dated_trial_is_in_some_row(shipped: Landscape) -> None:
    for by in ("target", "source", "group", "sponsor", "status"):
        found = trials_by(shipped, by)
        assert set(shipped.of_kind("trial")) == set().union(*found.values())
