"""INI configuration with sections and ``${section.key}`` interpolation."""

import re
from collections import defaultdict

SAMPLE = """\
; deployment of the weather archive
[paths]
root = /srv/archive
logs = ${paths.root}/logs

[server]
host = ingest.local
port = 8043
url = http://${server.host}:${server.port}/v2

[job]
output = ${paths.logs}/nightly-${server.port}.txt
retries = 3
"""

REFERENCE = re.compile(r"\$\{([\w-]+)\.([\w-]+)\}")


class ConfigError(Exception):
    """Bad syntax, an unknown setting, or settings that refer to each other in a circle."""


class IniConfig:
    def __init__(self, raw: dict[str, dict[str, str]]) -> None:
        self._raw = raw

    @classmethod
    def parse(cls, text: str) -> "IniConfig":
        raw: defaultdict[str, dict[str, str]] = defaultdict(dict)
        section = None
        for number, line in enumerate(text.splitlines(), start=1):
            line = line.strip()
            if not line or line[0] in ";#":
                continue
            if line[0] == "[" and line[-1] == "]":
                section = line[1:-1].strip()
                continue
            key, equals, value = (part.strip() for part in line.partition("="))
            if section is None or not equals or not key:
                raise ConfigError(f"line {number}: expected key = value inside a section, got {line!r}")
            raw[section][key] = value
        return cls(dict(raw))

    def sections(self) -> list[str]:
        return list(self._raw)

    def items(self, section: str) -> dict[str, str]:
        return {key: self.get(section, key) for key in self._raw[section]}

    def get(self, section: str, key: str) -> str:
        return self._expand(section, key, ())

    def get_int(self, section: str, key: str) -> int:
        text = self.get(section, key)
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{section}.{key} is not a whole number: {text!r}") from None

    def _expand(self, section: str, key: str, pending: tuple[str, ...]) -> str:
        name = f"{section}.{key}"
        if name in pending:
            raise ConfigError("circular reference: " + " -> ".join((*pending, name)))
        try:
            value = self._raw[section][key]
        except KeyError:
            raise ConfigError(f"no setting {name}") from None
        return REFERENCE.sub(lambda ref: self._expand(ref[1], ref[2], (*pending, name)), value)


if __name__ == "__main__":
    config = IniConfig.parse(SAMPLE)
    for section in config.sections():
        print(f"[{section}]")
        for key, value in config.items(section).items():
            print(f"  {key} = {value}")
    assert config.get("job", "output") == "/srv/archive/logs/nightly-8043.txt"
    assert config.get_int("job", "retries") == 3
    try:
        IniConfig.parse("[a]\nx = ${b.y}\n[b]\ny = ${a.x}\n").get("a", "x")
    except ConfigError as error:
        print("rejected:", error)
