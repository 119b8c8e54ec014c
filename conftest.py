"""How tests run: what is slow waits for ``--slow``, a server is started once, the user's cache is left alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = pytest.StashKey[int]()  # how many tests are left
# files whose tests share what takes seconds: answers, Java, Chromium, an installed wheel
TOGETHER = {
    "tests/ask/test_questions.py",
    "tests/checks/test_reasoner.py",
    "tests/picture/test_picture.py",
    "tests/test_packaging.py",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each process of ``-n`` the next test, but all tests of a server, or of a file above, to one of them."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            server = re.search(r"\[(virtuoso|oxigraph)\b", test)
            return server[1] if server else file if file in TOGETHER else nodeid

    return Scheduling(config, log) if config.getoption("dist") == "load" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left: list[pytest.Item] = []
    if not config.option.slow:
        left = [item for item in items if item.get_closest_marker("slow")]
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=left)
    config.stash[SLOW] = len(left)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the process that reports know, if this is another one."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["slow"] = session.config.stash.get(SLOW, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[SLOW] = getattr(node, "workeroutput", {}).get("slow", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left := config.stash.get(SLOW, 0):
        terminalreporter.write_line(f"{left} slow tests are left for --slow")


@pytest.fixture(scope="session", autouse=True)
def empty_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give all tests, doctests too, a cache folder of their own, so that they never touch the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
