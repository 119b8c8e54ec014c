"""The passages that evidence cites: found again in the text of their document, moved, or gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Store

from kg.cli.main import main
from kg.errors import UsageError
from kg.evidence.passage_check import check_passages, passage_hash

if TYPE_CHECKING:
    from pathlib import Path

NIGHT = "At night the lamps are lit.\nNine of ten\n  lamps glow until dawn. Nobody is afraid."
DAY = "By day nothing glows. The lamps are cleaned by two of us, and then we sleep."
CITED = {"Night": (NIGHT, ["Nine of ten\n  lamps glow until dawn.", "Nobody is afraid."]), "Day": (DAY, ["we sleep."])}


def places(title: str, text: str, passages: list[str]) -> str:
    """Return the evidence of a document as Turtle; a passage is a place called after its first word."""
    turtle = f'<urn:{title}> rdfs:label "{title}" . '
    for passage in passages:
        start = text.index(passage)
        turtle += (
            f'[] kg:fromDocument <urn:{title}> ; kg:section "Text" ; kg:locator "{passage.split()[0]}" ; '
            f'kg:startsAt {start} ; kg:endsAt {start + len(passage)} ; kg:sha256 "{passage_hash(passage)}" . '
        )
    return turtle


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    prefixes = (
        "@prefix kg: <https://w3id.org/immunokg/ontology/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    )
    # an evidence without a hash is not looked for
    bare = '[] kg:fromDocument <urn:Night> ; kg:section "Text" ; kg:locator "Nothing" ; kg:startsAt 0 ; kg:endsAt 3 .'
    body = "".join(places(title, text, passages) for title, (text, passages) in CITED.items())
    store.load(f"{prefixes} {bare} {body}".encode(), format=RdfFormat.TURTLE)
    return store


def outcomes(store: Store, folder: Path, **texts: str) -> dict[str, tuple[str, str]]:
    """Return the outcome and the file of each place, where the folder holds the given texts."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    return {row["locator"]: (row["outcome"], row["file"]) for row in check_passages(store, folder)}


def test_passages_are_found_each_in_the_file_of_its_document(store: Store, tmp_path: Path) -> None:
    assert outcomes(store, tmp_path, a=DAY, b=NIGHT) == {
        "Nine": ("found", "b.txt"),
        "Nobody": ("found", "b.txt"),
        "we": ("found", "a.txt"),
    }


def test_rows_stand_in_the_order_of_the_documents(store: Store, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(NIGHT)
    result = check_passages(store, tmp_path)
    assert result.columns == ("document", "section", "locator", "outcome", "file")
    assert [(row["document"], row["section"], row["locator"]) for row in result] == [
        ("Day", "Text", "we"),
        ("Night", "Text", "Nine"),
        ("Night", "Text", "Nobody"),
    ]


def test_passage_elsewhere_in_its_file_has_moved(store: Store, tmp_path: Path) -> None:
    changed = NIGHT.replace("Nobody", "Really, nobody? Nobody")
    assert outcomes(store, tmp_path, night=changed, day=DAY) == {
        "Nine": ("found", "night.txt"),
        "Nobody": ("moved", "night.txt"),
        "we": ("found", "day.txt"),
    }


def test_passage_that_moved_to_the_front_is_found(store: Store, tmp_path: Path) -> None:
    assert outcomes(store, tmp_path, day=f"we sleep. {DAY[:-9]}")["we"] == ("moved", "day.txt")


def test_all_passages_of_a_lone_file_can_have_moved(store: Store, tmp_path: Path) -> None:
    found = outcomes(store, tmp_path, night=f"A page before. {NIGHT}")
    assert (found["Nine"], found["Nobody"]) == (("moved", "night.txt"), ("moved", "night.txt"))


@pytest.mark.parametrize(
    "said", ["Eight of ten\n  lamps glow until dawn.", "", "nine of ten\n  lamps glow until dawn."]
)
def test_passage_that_reads_otherwise_is_missing(said: str, store: Store, tmp_path: Path) -> None:
    changed = NIGHT.replace("Nine of ten\n  lamps glow until dawn.", said)
    assert outcomes(store, tmp_path, night=changed)["Nine"] == ("missing", "")


def test_other_passages_are_found_beside_a_missing_one(store: Store, tmp_path: Path) -> None:
    changed = NIGHT.replace("Nine", "Five")
    assert outcomes(store, tmp_path, night=changed)["Nobody"] == ("found", "night.txt")


def test_document_without_a_file_is_missing(store: Store, tmp_path: Path) -> None:
    assert outcomes(store, tmp_path, night=NIGHT)["we"] == ("missing", "")


def test_white_space_may_be_folded_otherwise(store: Store, tmp_path: Path) -> None:
    """A line end in place of a blank, as another program would print the text."""
    changed = NIGHT.replace("until dawn", "until\ndawn")
    assert outcomes(store, tmp_path, night=changed)["Nine"] == ("found", "night.txt")


def test_folders_and_files_that_are_no_text_are_no_hindrance(store: Store, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "scan.pdf").write_bytes(b"%PDF\xff\xfe\x00")
    assert outcomes(store, tmp_path, night=NIGHT)["Nine"] == ("found", "night.txt")


@pytest.mark.parametrize("other", ["one passage", "one\n passage", " one\tpassage \r\n"])
def test_white_space_does_not_change_a_hash(other: str) -> None:
    assert passage_hash(other) == passage_hash("one passage")


@pytest.mark.parametrize("other", ["One passage", "onepassage", "one passage.", ""])
def test_another_text_has_another_hash(other: str) -> None:
    assert passage_hash(other) != passage_hash("one passage")


def test_empty_folder_is_wrong_usage(store: Store, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    with pytest.raises(UsageError) as error:
        check_passages(store, tmp_path)
    assert str(error.value) == f"no file in {tmp_path}; expected the plain text of the documents"


def test_folder_that_does_not_exist_is_wrong_usage(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        check_passages(store, tmp_path / "nowhere")
    assert str(error.value) == (
        f"cannot read {tmp_path / 'nowhere'}: No such file or directory; expected a folder of text files"
    )


def test_file_in_place_of_a_folder_is_wrong_usage(store: Store, tmp_path: Path) -> None:
    (tmp_path / "night.txt").write_text(NIGHT)
    with pytest.raises(UsageError, match=r"night\.txt: Not a directory; expected a folder of text files"):
        check_passages(store, tmp_path / "night.txt")


# The command, on the ten-row world: two of its places have a hash

WORLD = f"{'Lumocel is made by Orchid.':>126}{'Nine of 18 treated patients responded.':>212}"
GONE = WORLD.replace("Nine", "Five")
COUNTS = {
    "found": (WORLD, 0, "2 found, 0 moved, 0 missing"),
    "moved": (WORLD.replace("Nine", "Some say: Nine"), 0, "1 found, 1 moved, 0 missing"),
    "missing": (GONE, 1, "1 found, 0 moved, 1 missing"),
    "all missing": ("Another text.", 1, "0 found, 0 moved, 2 missing"),
}


@pytest.mark.parametrize(("text", "code", "counts"), COUNTS.values(), ids=COUNTS)
def test_command_fails_where_a_passage_is_missing(
    text: str, code: int, counts: str, mini_dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "world.txt").write_text(text)
    assert main(["sources", "check", "--documents", str(tmp_path), "--data", str(mini_dataset)]) == code
    assert capsys.readouterr().err.splitlines() == [counts]


def test_command_prints_each_place(
    mini_dataset: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "world.txt").write_text(GONE)
    main(["sources", "check", "--documents", str(tmp_path), "--data", str(mini_dataset), "--format", "csv"])
    assert capsysbinary.readouterr().out.decode().splitlines() == [
        "document,section,locator,outcome,file",
        "A ten-row world,Products,paragraph 1,found,world.txt",
        "A ten-row world,Results,paragraph 1,missing,",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("sources check", "kg: the following arguments are required: --documents"),
        ("sources find --documents .", "kg: argument action: invalid choice: 'find'"),
        ("sources check --documents nowhere", "kg: cannot read nowhere: No such file or directory; expected a folder"),
        ("sources check --documents .", "kg: no file in .; expected the plain text of the documents"),
    ],
)
def test_wrong_use_of_the_command_is_told(
    arguments: str,
    message: str,
    mini_dataset: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*arguments.split(), "--data", str(mini_dataset)]) == 2
    assert capsys.readouterr().err.startswith(message)
