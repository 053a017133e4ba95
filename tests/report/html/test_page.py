"""The report is one well-formed page that nothing in the results can change."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

import glotmix
from contracts import manifest as manifests
from contracts.errors import StageError
from report.html.markup import element, escaped, table
from report.html.page import SECTIONS, write_report

HOSTILE = "</table><script>alert(1)</script>\"'><img src=x onerror=alert(2)>$x_{$\x1b[31m\u202e"
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """Checks that every element is closed in order; keeps names, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.text += data


def corpus(folder: Path, language: str = "python", reason: str = "gate/empty") -> None:
    counts = {
        "documents": {"files": 3, "bytes": 10, "by_language": {language: {"files": 3, "bytes": 10}}},
        "rejected": {"files": 1, "by_reason": {reason: {"files": 1, "bytes": 2}}},
    }
    (folder / "corpus").mkdir(parents=True)
    manifests.write(folder / "corpus", manifests.build("corpus", folder / "corpus", [], {}, {}, counts, {}))


def curves(folder: Path, name: str) -> None:
    target = {
        "target": name,
        "parameters": {name: 1.0},
        "flags": [name],
        "curves": [{"n": 1e5, "tokens": [1e4, 1e5], "loss": [5.0, 4.0], "low": [4.9, 3.9], "high": [5.1, 4.1]}],
        "points": [{"n": 1e5, "tokens": 1e4, "measured": 5.0, "predicted": 5.1}],
    }
    data = {"law": name, "formula": name, "runs": 1, "points": 1, "mixture": {name: 1.0}, "targets": [target]}
    (folder / "fit").mkdir(parents=True)
    (folder / "fit" / "curves.json").write_text(json.dumps(data | {"excluded": {name: 2}}))


def allocation(folder: Path, name: str) -> None:
    data = {
        "weights": {name: 0.6, "go": 0.4},
        "n_parameters": 1e5,
        "tokens": 1e6,
        "law": name,
        "draws": 3,
        "intervals": {name: {"low": 0.5, "high": 0.7}},
        "warnings": [name],
    }
    (folder / "allocation").mkdir(parents=True)
    (folder / "allocation" / "allocation.json").write_text(json.dumps(data))


def confirmation(folder: Path, name: str) -> None:
    tried = {"name": name, "proportions": {name: 1.0}, "losses": [5.0, 5.1], "by_target": {name: 5.0}}
    data = {
        "rung": name,
        "n_parameters": 1e5,
        "tokens": 1e6,
        "seeds": [0, 1],
        "weights": {name: 1.0},
        "level": 0.95,
        "toy": name,
        "proposed": tried,
        "baselines": [{**tried, "name": "uniform"}],
        "comparisons": [{"baseline": name, "difference": -0.1, "low": -0.2, "high": 0.0, "verdict": "within noise"}],
    }
    (folder / "confirm").mkdir(parents=True)
    (folder / "confirm" / "confirm.json").write_text(json.dumps(data))


def report(folder: Path) -> str:
    write_report(folder, folder / "report.html")
    return (folder / "report.html").read_text()


def test_names_in_results_stay_text(tmp_path):
    folder = tmp_path / "run <b>"
    corpus(folder, HOSTILE, f"{HOSTILE}/{HOSTILE}")
    for write in (curves, allocation, confirmation):
        write(folder, HOSTILE)
    text = report(folder)
    page = Page(text)
    assert not {"script", "img", "iframe", "object", "b"} & set(page.tags)
    assert not [key for key, _ in page.attributes if key.startswith("on")]
    assert "alert(1)" in page.text
    assert "\x1b" not in text and "\u202e" not in text


def test_nothing_is_loaded_from_anywhere(tmp_path):
    corpus(tmp_path)
    for write in (curves, allocation, confirmation):
        write(tmp_path, "python")
    page = Page(report(tmp_path))
    links = [value for key, value in page.attributes if key in ("src", "href", "xlink:href", "action", "data")]
    assert links and all(link.startswith("#") for link in links)
    style = page.text + " ".join(value or "" for _, value in page.attributes)
    assert "@import" not in style and not re.search(r"url\((?!#)", style)
    assert any("default-src 'none'" in (value or "") for _, value in page.attributes)


def test_every_section_is_there_and_what_is_missing_is_said(tmp_path):
    corpus(tmp_path)
    absent = write_report(tmp_path, tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text())
    assert {value for key, value in page.attributes if key == "id"} == {section.key for section in SECTIONS}
    assert absent == ["Mixtures", "Training", "Laws", "Proportions", "Confirmation"]
    assert page.text.count("Not there: the") == 5


def test_tables_have_captions_and_charts_have_titles(tmp_path):
    for write in (corpus, lambda f: allocation(f, "python"), lambda f: confirmation(f, "python")):
        write(tmp_path)
    page = Page(report(tmp_path))
    assert page.tags.count("caption") == page.tags.count("table") > 3
    assert page.tags.count("figcaption") == page.tags.count("figure") == page.tags.count("svg") == 2


def test_the_same_folder_gives_the_same_bytes(tmp_path):
    for folder in (tmp_path / "a" / "run", tmp_path / "b" / "run"):
        corpus(folder)
        for write in (curves, allocation, confirmation):
            write(folder, "python")
    assert report(tmp_path / "a" / "run") == report(tmp_path / "b" / "run")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"law": 1}', "\x00"])
def test_a_damaged_file_is_named_and_the_rest_is_shown(tmp_path, text):
    corpus(tmp_path)
    curves(tmp_path, "python")
    (tmp_path / "fit" / "curves.json").write_text(text)
    page = Page(report(tmp_path))
    assert "Cannot be shown" in page.text and "curves.json" in page.text
    assert "3 were kept" in page.text


def test_a_folder_without_stages_is_refused(tmp_path):
    with pytest.raises(StageError, match="no finished stage"):
        write_report(tmp_path, tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_the_command_reports_a_real_run_and_says_what_is_not_there(demo_run, tmp_path):
    out = tmp_path / "report.html"
    result = CliRunner().invoke(glotmix.app, ["report", str(demo_run.output), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "Not there yet: Training, Laws, Proportions, Confirmation" in result.stdout
    page = Page(out.read_text())
    manifest = json.loads((demo_run.output / "corpus" / "manifest.json").read_text())
    for language, counts in manifest["counts"]["documents"]["by_language"].items():
        assert language in page.text and f"{counts['bytes']:,}" in page.text
    for reason in manifest["counts"]["rejected"]["by_reason"]:
        assert reason.split("/")[1] in page.text
    shutil.rmtree(tmp_path)


def test_the_command_names_a_folder_that_is_not_there(tmp_path):
    result = CliRunner().invoke(glotmix.app, ["report", str(tmp_path / "absent")])
    assert result.exit_code == 2 and "no such folder" in result.stderr


@pytest.mark.parametrize(
    "made, expected",
    [
        (escaped('<a href="x">'), "&lt;a href=&quot;x&quot;&gt;"),
        (element("p", "a & b", class_="x"), '<p class="x">a &amp; b</p>'),
        (element("p", element("b", "<")), "<p><b>&lt;</b></p>"),
        (table("t", [], "none"), '<p class="absent">t: none.</p>'),
    ],
)
def test_only_markup_is_markup(made, expected):
    assert made == expected
