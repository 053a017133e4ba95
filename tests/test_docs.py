"""The documentation is true: its commands run, its configurations load, its tables and links are up to date."""

import fcntl
import importlib.util
import os
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

import glotmix
from contracts.config import read_yaml, validate
from pairing.parallel.refusals import REASONS as REFUSED
from pairing.parallel.texts import Program, grouped, pair_texts
from pipelines.config import GatesConfig
from pipelines.gates import AFTER_PARSING, BEFORE_PARSING
from pipelines.sources import config as sources
from pipelines.sources.record import PROBLEM_CODES

REPOSITORY = Path(__file__).resolve().parent.parent
DOCS = REPOSITORY / "docs"
SAMPLE = REPOSITORY / "examples" / "polyglot"
README = REPOSITORY / "README.md"
PAGES = [README, *(REPOSITORY / n for n in ("CHANGELOG.md", "CONTRIBUTING.md")), *sorted(DOCS.glob("*.md"))]
PAGES += sorted(REPOSITORY.glob("examples/**/README.md"))

LANGUAGES = ("python", "java", "typescript", "go")
PROGRAMS = ("lrucache", "romannumerals", "editdistance", "binaryheap")
"""Programs of the sample, in some of its languages, that stand in src/ when the documentation's commands run."""

OTHER_COMMANDS = {
    "make": "what is checked before a change lands runs check, demo and test",
    "python3.11": "makes the environment in which this test runs",
    ".venv/bin/pip": "installs the environment in which this test runs",
    ".venv/bin/pre-commit": "changes the repository's own hooks",
}
"""Commands other than glotmix that may stand in a block, and why they are not run here."""

CLUSTER = {
    "executor.kind=ray": "needs Ray, an optional extra",
    "executor.kind=slurm": "needs a Slurm cluster",
}
"""Arguments of glotmix commands that are not run here, and why."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the HTML comment directly above it, if any."""

    language: str
    text: str
    comment: str


def blocks(page: Path) -> list[Block]:
    pattern = re.compile(r"(?:<!-- ([^\n]*) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [Block(m[2], m[3], m[1] or "") for m in pattern.finditer(page.read_text(encoding="utf-8"))]


def commands(block: Block) -> Iterator[list[str]]:
    for line in block.text.replace("\\\n", " ").splitlines():
        if words := shlex.split(line, comments=True):
            yield words


def carry_out(page: Path) -> int:
    """Do in the working directory what a page says, block by block; returns how many commands and programs ran."""
    done = 0
    for block in blocks(page):
        if block.language == "yaml" and (name := re.match(r"# (\w+\.yaml)\n", block.text)):
            Path(name[1]).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            exec(compile(block.text, f"{page.name}: python block", "exec"), {})
            done += 1
        elif block.language == "bash":
            for words in commands(block):
                if words[0] == "glotmix" and not set(CLUSTER) & set(words):
                    result = CliRunner().invoke(glotmix.app, words[1:])
                    assert result.exit_code == 0, f"{page.name}: {shlex.join(words)}\n{result.output}"
                    done += 1
    return done


def copy_sources(target: Path) -> None:
    for path in sorted(SAMPLE.rglob("*")):
        folder, stem = path.relative_to(SAMPLE).parts[0], re.sub(r"[-_.]", "", path.stem.lower())
        wanted = folder in LANGUAGES and any(program in stem for program in PROGRAMS)
        if path.is_file() and (wanted or folder == "caught"):
            copy = target / path.relative_to(SAMPLE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


@pytest.fixture(scope="session")
def walked(tmp_path_factory) -> Path:
    """A folder in which the README was carried out, made once however many processes test. Read only."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # shared by the workers
    folder = base / "readme"
    with open(base / "readme.lock", "w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            copy_sources(folder / "src")
            shutil.copytree(REPOSITORY / "examples" / "runs", folder / "examples" / "runs")
            patch.chdir(folder)
            assert carry_out(README) > 5
            (folder / "done").touch()
    return folder


def test_the_readme_makes_everything_that_its_table_promises(walked):
    section = README.read_text().split("## What is in the output folder")[1].split("\n## ")[0]
    promised = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert len(promised) > 8
    for path in promised:
        pattern = re.sub(r"<\w+>", "*", path.rstrip("/")).replace("NNNNN", "[0-9]*")
        assert list((walked / "glotmix-out").glob(pattern)), path
    assert (walked / "glotmix-out" / "mix" / "python-first" / "manifest.json").exists()


def runnable(page: Path) -> bool:
    return any(
        b.language == "python" or "glotmix " in b.text for b in blocks(page) if b.language in ("bash", "python")
    )


@pytest.mark.parametrize("page", [p for p in PAGES if p != README and runnable(p)], ids=lambda p: p.name)
def test_the_commands_of_a_page_run_in_order(page, walked, tmp_path, monkeypatch):
    for name in ("src", "glotmix-out"):
        shutil.copytree(walked / name, tmp_path / name)
    shutil.copyfile(walked / "glotmix.yaml", tmp_path / "glotmix.yaml")
    shutil.copytree(REPOSITORY / "examples" / "runs", tmp_path / "examples" / "runs")
    monkeypatch.chdir(tmp_path)
    assert carry_out(page) > 0


def test_every_command_in_a_block_is_run_or_listed_with_a_reason():
    found = [words for page in PAGES for b in blocks(page) if b.language == "bash" for words in commands(b)]
    assert {words[0] for words in found} == {"glotmix", *OTHER_COMMANDS}
    assert {word for words in found for word in words} >= set(CLUSTER)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_every_yaml_block_is_a_configuration_or_sections_of_one(page, tmp_path):
    for block in blocks(page):
        if block.language == "yaml":
            path = tmp_path / "block.yaml"
            path.write_text(block.text, encoding="utf-8")
            data = read_yaml(path)
            data.setdefault("corpus", {}).setdefault("sources", [{"type": "directory", "name": "x", "path": "."}])
            validate(glotmix.Configuration, data, page.name)


def slugs(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_relative_links_lead_to_files_and_headings(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in slugs(target), f"{page.name}: {link}"


def test_every_page_can_be_reached_from_the_readme():
    links = set(re.findall(r"\]\((docs/\w+\.md)", README.read_text(encoding="utf-8")))
    assert links == {f"docs/{page.name}" for page in DOCS.glob("*.md")}


def test_the_tables_page_is_what_the_schema_says():
    spec = importlib.util.spec_from_file_location("make_tables", DOCS / "make_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.render(), "run: python docs/make_tables.py"


def test_every_gate_is_documented_with_its_option_and_default():
    text = (DOCS / "corpus.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| `(\w+)` \| (`\w+` \| \S+) \|", text, re.MULTILINE))
    defaults = GatesConfig()
    expected = {}
    for gate in (*BEFORE_PARSING, *AFTER_PARSING):
        default = getattr(defaults, gate.option)
        expected[gate.reason] = f"`{gate.option}` | {str(default).lower()}"
    assert documented == expected
    assert {line.split("`")[1] for line in expected.values()} == set(GatesConfig.model_fields)


def test_every_problem_of_a_source_is_documented():
    text = (DOCS / "sources.md").read_text(encoding="utf-8")
    section = text.split("## What becomes a rejection")[1]
    assert dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE)) == PROBLEM_CODES


@pytest.mark.parametrize("kind", ["Directory", "Git", "Archive", "Jsonl", "Parquet"])
def test_every_option_of_a_source_is_documented(kind):
    text = (DOCS / "sources.md").read_text(encoding="utf-8")
    model = getattr(sources, f"{kind}Source")
    assert f"\n## {kind.lower()}\n" in text
    fields = set(model.model_fields) | (
        set(sources.ColumnMap.model_fields) if "columns" in model.model_fields else set()
    )
    assert {field for field in fields if f"`{field}`" not in text} == set()


def test_the_examples_of_parallel_forms_are_what_is_written():
    source = Program("a", "python", "print(6 * 7)\n")
    target = Program("b", "go", "package main\n\nfunc main() { println(6 * 7) }\n")
    written: dict[str, str] = {}
    for text in pair_texts(source, target, ("concat", "prompt", "shuffled"), {}):
        written.setdefault(f"form: {text.form}", text.content)
    third = Program("c", "javascript", "console.log(6 * 7)\n")
    written["form: group"] = grouped([source, third, target]).content
    shown = {b.comment: b.text for b in blocks(DOCS / "parallel.md") if b.comment.startswith("form:")}
    assert shown == written


def test_every_reason_why_a_pair_is_refused_is_documented():
    text = (DOCS / "parallel.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE)) == REFUSED


def test_the_sample_is_rejected_for_the_reasons_that_its_page_gives(demo_run):
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    documented = {tuple(row) for row in re.findall(r"^\| `(.+?)` \| `(\w+)` \| `(\w+)` \|$", text, re.MULTILINE)}
    rows = (
        pq.read_table(demo_run.output / "corpus" / "rejected").select(["repo", "path", "step", "reason"]).to_pylist()
    )
    assert documented == {(r["path"], r["step"], r["reason"]) for r in rows if r["repo"] == "caught"}


def test_the_constraints_pin_every_requirement_within_its_range():
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name), "missing")
        assert version != "missing" and version in requirement.specifier, f"{requirement}: {version}"


def test_the_changelog_names_the_version_of_the_project():
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
