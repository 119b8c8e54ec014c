"""The built wheel works outside the repository: ontology, graphs and queries are found."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the installed wheel, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)], check=True, timeout=120
    )
    (wheel,) = folder.glob("immunokg-*.whl")
    install = [*pip, "install", "--no-deps", "--target", str(folder / "site"), str(wheel)]
    subprocess.run(install, check=True, timeout=120)
    return folder


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(installed / "site")}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=cwd, timeout=60)


def test_wheel_holds_the_data_and_no_tests(installed: Path) -> None:
    (wheel,) = installed.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "kg/data/graphs/immunokg.nt" in names
    assert "kg/data/ontology/immunokg.ttl" in names
    assert "kg/data/queries/trials/trials.rq" in names
    assert "kg/data/queries/catalogue.ttl" in names
    assert {"kg/picture/page.html", "kg/picture/page.css", "kg/picture/page.js", "kg/picture/model.js"} <= set(names)
    modules = (ROOT / "src" / "kg").rglob("*.py")
    assert {path.relative_to(ROOT / "src").as_posix() for path in modules} <= set(names)
    assert not any("tests/" in name for name in names)


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """Pytest goes into no folder of some names, of which ``build`` is one unless it is told otherwise."""
    folders = {path.parent.name for part in ("src", "tests") for path in (ROOT / part).rglob("*.py")}
    patterns = pytestconfig.getini("norecursedirs")
    assert not [name for name in folders for pattern in patterns if fnmatch(name, pattern)]


def test_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    found = run(installed, "-c", "import kg; print(kg.__file__)", cwd=tmp_path)
    assert found.stdout.strip() == str(installed / "site" / "kg" / "__init__.py")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["query", "ipsc_products_with_cd38_ko"], "FT576"),
        (["ask", "which iPSC products carry CD38 KO"], "FT522,iPSC,CD38 KO"),
        (["queries"], "trials_by_target"),
        (["--version"], "kg 0."),
    ],
)
def test_command_works_outside_the_repository(
    arguments: list[str], expected: str, installed: Path, tmp_path: Path
) -> None:
    found = run(installed, "-m", "kg", *arguments, cwd=tmp_path)
    assert (found.returncode, found.stderr.count("Traceback")) == (0, 0)
    assert expected in found.stdout


def test_installed_build_writes_here_and_leaves_the_package_alone(installed: Path, tmp_path: Path) -> None:
    shipped = installed / "site" / "kg" / "data" / "graphs" / "immunokg.nt"
    before = shipped.stat().st_mtime_ns
    found = run(installed, "-m", "kg", "build", cwd=tmp_path)
    assert found.returncode == 0
    assert (tmp_path / "immunokg.nt").read_bytes() == shipped.read_bytes()
    assert shipped.stat().st_mtime_ns == before


def test_version_is_that_of_the_distribution() -> None:
    assert kg.__version__ == version("immunokg")
    with pytest.raises(AttributeError, match="module 'kg' has no attribute 'nothing'"):
        _ = kg.nothing
