"""What a new configuration starts with: one directory to read, and an example of every other kind of source."""

from pathlib import Path
from typing import Any, Final

from contracts.errors import ConfigError
from pipelines.sources.config import DEFAULT_EXCLUDE

EXAMPLES: Final = """\
More sources may stand beside it; all keys of each kind are explained in docs/sources.md, component (for text that is
no code, such as prose or configuration files) among them. For example:

a git repository, read from its objects without a checkout, at any commit, tag or branch:
- type: git
  name: project
  path: /data/project.git
  commit: v1.2.0
  licence: MIT

archives (zip, whl, jar, nupkg, tar, tgz, crate, ...), each of them a repository; `*` takes many:
- type: archive
  name: packages
  path: /data/packages/*.tar.gz
  exclude: [tests, "*.min.js"]

JSON lines, plain or compressed, with the columns that hold the text and what is known of it:
- type: jsonl
  name: crawl
  path: /data/crawl/*.jsonl.zst
  columns:
    content: text
    id: blob_id
    path: file_path
    repo: repo_name
    language: lang
    licence: detected_licences
    commit: revision

Parquet tables, from a disk or any fsspec address; dots go into nested columns:
- type: parquet
  name: tables
  path: s3://bucket/tables/*.parquet
  columns: {content: content, repo: meta.repo, path: meta.path}
"""


def first_source(source: Path, config: Path, output: str) -> dict[str, Any]:
    """A directory source for a new configuration; paths are relative to the configuration where they can be.

    Args:
        source: the directory to read.
        config: the configuration that will be written.
        output: its output folder, relative to it; left out of what is read if it lies inside.

    Raises:
        ConfigError: there is no such directory.
    """
    root, base = source.resolve(), config.resolve().parent
    if not root.is_dir():
        raise ConfigError(f"--source {source}: no such directory; give the folder that holds the code")
    path = root.relative_to(base).as_posix() if root.is_relative_to(base) else str(root)
    first: dict[str, Any] = {"type": "directory", "name": "code", "path": path}
    results = base / output
    if results.is_relative_to(root):
        first["exclude"] = [*DEFAULT_EXCLUDE, results.relative_to(root).as_posix()]
    return first
