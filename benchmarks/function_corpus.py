"""Makes a corpus of functions, with known translations, for benchmarks/learning.py --pairs.

    python benchmarks/function_corpus.py FOLDER OUT

FOLDER holds files.jsonl.zst (id, language, licence, repo, content), functions.csv (file_id, language, start_line,
end_line) and gold_functions.csv (id_a, start_line_a, id_b, start_line_b). OUT gets functions.jsonl, pairs.csv and
corpus.yaml, a configuration of glotmix. Functions of 60 to 1,200 characters are taken: a pair of them fits into 512
tokens.
"""

import csv
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import zstandard

SUFFIX = {
    "python": "py",
    "java": "java",
    "javascript": "js",
    "typescript": "ts",
    "csharp": "cs",
    "go": "go",
    "rust": "rs",
}
SHORTEST, LONGEST = 60, 1200

CONFIGURATION = """\
output: out
corpus:
  sources:
    - type: jsonl
      name: functions
      path: functions.jsonl
      columns: {id: id, content: content, path: path, repo: repo, language: language, licence: licence}
pairs: {given: [pairs.csv], mine: false}
split: {validation_share: 0.03, validation_pairs: 12}
tokenizer: {vocab_size: 2048, train_bytes: 16000000}
mix: {sequence_length: 512, tokens: 1000000}
executor: {workers: 2}
"""


def table(path: Path) -> Iterator[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as rows:
        yield from csv.DictReader(rows)


def main(folder: Path, out: Path) -> None:
    with zstandard.open(folder / "files.jsonl.zst", "rt", encoding="utf-8") as lines:
        files = {row["id"]: row for row in map(json.loads, lines)}
    out.mkdir(parents=True, exist_ok=True)
    taken = set()
    with open(out / "functions.jsonl", "w", encoding="utf-8") as rows:
        for found in table(folder / "functions.csv"):
            file, start = files[found["file_id"]], int(found["start_line"])
            lines = file["content"].split("\n")[start - 1 : int(found["end_line"])]
            text, name = textwrap.dedent("\n".join(lines)), f"{found['file_id']}:{start}"
            if not SHORTEST <= len(text) <= LONGEST or name in taken:
                continue
            taken.add(name)
            language = found["language"]
            path = f"{found['file_id']}/{start}.{SUFFIX[language]}"
            facts = {"licence": file["licence"], "repo": file["repo"], "path": path}
            rows.write(json.dumps({"id": name, "content": text, "language": language, **facts}) + "\n")
    pairs = 0
    with open(out / "pairs.csv", "w", encoding="utf-8", newline="") as rows:
        writer = csv.writer(rows)
        writer.writerow(["id_a", "id_b"])
        for gold in table(folder / "gold_functions.csv"):
            pair = [f"{gold[f'id_{side}']}:{gold[f'start_line_{side}']}" for side in "ab"]
            if taken.issuperset(pair):
                writer.writerow(pair)
                pairs += 1
    (out / "corpus.yaml").write_text(CONFIGURATION, encoding="utf-8")
    print(f"{len(taken):,} functions, {pairs:,} pairs; next: glotmix run {out / 'corpus.yaml'} --until tokens")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
