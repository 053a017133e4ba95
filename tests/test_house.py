"""Rules of the house that no other tool checks."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from contracts.languages import LANGUAGE_NAMES, LANGUAGE_TITLES
from contracts.manifest import VERSION
from parsers.languages import LANGUAGES

REPOSITORY = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["importlinter"]["root_packages"]
MODULES = [
    *sorted(path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")),
    REPOSITORY / "glotmix.py",
]
MAX_LINES = 400
MACHINE_PATHS = re.compile(rb"(?<![\w.])/(" + b"|".join([b"work", b"root", b"home"]) + rb")/")


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.fixture(params=MODULES, ids=name, scope="module")
def module(request) -> tuple[Path, ast.Module]:
    return request.param, ast.parse(request.param.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def test_no_folder_imports_the_front_door(module):
    path, tree = module
    assert path.name == "glotmix.py" or "glotmix" not in imported(tree)


def test_every_module_explains_itself_and_is_short(module):
    path, tree = module
    assert ast.get_docstring(tree)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_packages_and_folders_are_the_same():
    folders = {p.parent.name for p in REPOSITORY.glob("*/__init__.py")}
    assert folders == set(PACKAGES)
    assert {f"{p}*" for p in PACKAGES} == set(PROJECT["tool"]["setuptools"]["packages"]["find"]["include"])
    assert set(PROJECT["tool"]["mypy"]["packages"]) == set(PACKAGES)
    missing = [name(p.parent) for p in MODULES[:-1] if not (p.parent / "__init__.py").exists()]
    assert missing == []


def test_the_version_is_the_same_everywhere():
    assert PROJECT["project"]["version"] == VERSION


def test_names_of_languages_agree():
    assert tuple(LANGUAGES) == LANGUAGE_NAMES
    assert {spec.name: spec.title for spec in LANGUAGES.values()} == LANGUAGE_TITLES


def tracked() -> list[Path]:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files belong to the project")
    # files about to be added count too
    arguments = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(arguments, cwd=REPOSITORY, capture_output=True, check=True).stdout
    return [p for n in listed.split(b"\0") if n and (p := REPOSITORY / n.decode()).is_file()]


def test_no_file_speaks_of_one_machine():
    found = [
        f"{name(path)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_bytes().splitlines(), 1)
        if MACHINE_PATHS.search(line)
    ]
    assert found == []
