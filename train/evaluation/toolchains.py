"""How a program of each language is compiled and run, with what this machine has on its PATH."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from train.evaluation.sandbox import Job, Limits, Step, Verdict, python_view, run

COMPILE_SECONDS = 60.0
"""For a compiler; Go from 1.20 on compiles its standard library too, for every program."""

LARGE = Limits(address_space=64 << 30, processes=256)
"""For runtimes that map far more memory than they use, and run on many threads; memory is limited all the same."""

JAVA_OPTIONS = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
"""A small heap and a single-threaded collector, so that the threads do not depend on the machine's cores."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A language that can be run here.

    Attributes:
        program: gives the file's name, the compiling commands and the running command for a program's text.
        view: paths that it needs beside the system's.
        environment: variables that it needs.
        limits: what its programs may take.
        epilogue: statement that prints {mark} when put at the end of a program; empty where tests end in a function.
        failure: standard error that means failure although the exit status is 0.
    """

    program: Callable[[str], tuple[str, list[list[str]], list[str]]]
    view: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    limits: Limits = LARGE
    epilogue: str = ""
    failure: re.Pattern[str] | None = None

    def judge(self, text: str, seconds: float, *, isolated: bool) -> Verdict:
        """Compile and run a program.

        Args:
            text: its whole text.
            seconds: that it may run, without compiling.
            isolated: see `sandbox.run`.
        """
        mark = secrets.token_hex(16)
        if self.epilogue:
            text += "\n" + self.epilogue.format(mark=mark) + "\n"
        name, compiling, running = self.program(text)
        steps = [Step("compile", tuple(argv), COMPILE_SECONDS) for argv in compiling]
        job = Job(
            {name: text}, (*steps, Step("run", tuple(running), seconds)), self.view, self.environment, self.limits
        )
        found = run(job, isolated=isolated)
        ended_early = bool(self.epilogue) and mark not in found.output and len(found.output) < 60_000
        alarmed = self.failure is not None and self.failure.search(found.errors) is not None
        return replace(found, status="failed") if found.status == "passed" and (ended_early or alarmed) else found


def find(language: str) -> Toolchain | str:
    """The toolchain of a language, or why there is none.

    Args:
        language: one of contracts.languages.LANGUAGE_NAMES.
    """
    make = _MAKERS.get(language)
    return make() if make else f"programs in {language} cannot be run; languages: {', '.join(_MAKERS)}"


@lru_cache
def usable(language: str, isolated: bool) -> Toolchain | str:
    """The toolchain of a language once it has run an empty program here, or why it cannot.

    Args:
        language: one of contracts.languages.LANGUAGE_NAMES.
        isolated: see `sandbox.run`.
    """
    found = find(language)
    if isinstance(found, str):
        return found
    verdict = found.judge(_EMPTY[language], 30.0, isolated=isolated)
    if verdict.status == "passed":
        return found
    told = " ".join((verdict.errors or verdict.output).split())[-300:]
    return f"the toolchain does not run in the sandbox ({verdict.step} {verdict.status} {verdict.code}: {told})"


_EMPTY = {
    "python": "",
    "java": "class Main { public static void main(String[] a) { } }",
    "javascript": "",
    "typescript": "const x: number = 1;",
    "csharp": "class P { static void Main() { } }",
    "go": "package main\nfunc main() { }\n",
    "rust": "fn main() { }",
}


def _which(*names: str) -> str | None:
    """The first program found, by its real path: links between folders need not exist in the sandbox."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return os.path.realpath(found) if found else None


def _home(program: str) -> str:
    """The folder that a program was installed to: that of its bin/."""
    return str(Path(program).parent.parent)


def _missing(*names: str) -> str:
    return f"no toolchain: {' or '.join(names)} is not on the PATH"


def _python() -> Toolchain:
    def program(_: str) -> tuple[str, list[list[str]], list[str]]:
        return "main.py", [], [sys.executable, "-I", "main.py"]

    return Toolchain(program, python_view(), limits=Limits(), epilogue='print("{mark}")')


def _javascript() -> Toolchain | str:
    node = _which("node", "nodejs")
    if node is None:
        return _missing("node")

    def program(_: str) -> tuple[str, list[list[str]], list[str]]:
        return "main.js", [], [node, "--max-old-space-size=512", "main.js"]

    return Toolchain(program, (_home(node),), epilogue='console.log("{mark}")')


def _typescript() -> Toolchain | str:
    node, compiler = _which("node", "nodejs"), _which("tsc")
    if node is None or compiler is None:
        return _missing("node" if node is None else "tsc")
    options = ["--target", "es2022", "--module", "commonjs", "--lib", "es2022,dom", "--skipLibCheck", "--types", ""]

    def program(_: str) -> tuple[str, list[list[str]], list[str]]:
        return "main.ts", [[node, compiler, *options, "main.ts"]], [node, "--max-old-space-size=512", "main.js"]

    packages = Path(compiler).parents[2]  # node_modules/typescript/bin/tsc; its parts for this machine lie beside it
    return Toolchain(program, (_home(node), str(packages)), epilogue='console.log("{mark}")')


def _go() -> Toolchain | str:
    go = _which("go")
    if go is None:
        return _missing("go")
    root = _ask(go, "env", "GOROOT")

    def program(text: str) -> tuple[str, list[list[str]], list[str]]:
        if re.search(r"^package main\b", text, re.MULTILINE) and re.search(r"^func main\(", text, re.MULTILINE):
            return "main.go", [[go, "build", "-o", "program", "main.go"]], ["./program"]
        return "main_test.go", [[go, "test", "-vet=off", "-c", "-o", "program", "main_test.go"]], ["./program"]

    environment = {
        "GOROOT": root,
        "GO111MODULE": "off",
        "GOTOOLCHAIN": "local",
        "GOMAXPROCS": "2",
    }
    return Toolchain(program, (_home(go), root, *_links_of(root)), environment)


def _links_of(folder: str) -> list[str]:
    """Where the links in a folder point to: Debian keeps Go's sources elsewhere."""
    return [os.path.realpath(entry) for entry in Path(folder).iterdir() if entry.is_symlink()]


def _java() -> Toolchain | str:
    java, compiler = _which("java"), _which("javac")
    if java is None or compiler is None:
        return _missing("java" if java is None else "javac")
    configuration = [str(folder) for folder in Path("/etc").glob("java*")]
    heap = [f"-J{option}" for option in JAVA_OPTIONS]

    def program(text: str) -> tuple[str, list[list[str]], list[str]]:
        name = main_class(text)
        return f"{name}.java", [[compiler, *heap, f"{name}.java"]], [java, *JAVA_OPTIONS, "-ea", "-cp", ".", name]

    return Toolchain(program, (_home(java), _home(compiler), *configuration))


def main_class(text: str) -> str:
    """The class that holds main: the public one, else the last one named before main, else Main.

    Args:
        text: of a Java program.
    """
    public = re.search(r"\bpublic\s+(?:final\s+)?class\s+(\w+)", text)
    if public:
        return public[1]
    before = text[: text.rfind("static void main")]
    names = re.findall(r"^(?:final\s+|abstract\s+)*class\s+(\w+)", before, re.MULTILINE)
    return names[-1] if names else "Main"


def _rust() -> Toolchain | str:
    found = _which("rustc")
    if found is None or _which("cc") is None:
        return _missing("rustc") if found is None else _missing("cc, with which rustc links,")
    root = _ask("rustc", "--print", "sysroot")  # rustup's rustc only starts the real one, which lies there
    rustc = str(Path(root, "bin", "rustc"))
    options = ["--edition", "2021", "-A", "warnings", "-C", "codegen-units=1", "-o", "program"]

    def program(_: str) -> tuple[str, list[list[str]], list[str]]:
        return "main.rs", [[rustc, *options, "main.rs"]], ["./program"]

    return Toolchain(program, (root,))


def _csharp() -> Toolchain | str:
    mono, compiler = _which("mono"), _which("csc", "mcs")
    if mono is None or compiler is None:
        return _missing("mono") if mono is None else _missing("csc", "mcs")

    def program(_: str) -> tuple[str, list[list[str]], list[str]]:
        options = ["-nologo", "-d:DEBUG", "-r:System.Numerics.dll", "-out:program.exe"]
        return "main.cs", [[compiler, *options, "main.cs"]], [mono, "program.exe"]

    # mono goes on after a Debug.Assert that does not hold, and only tells of it
    environment = {"MONO_TRACE_LISTENER": "Console.Error"}
    failure = re.compile(r"^Fail:", re.MULTILINE)
    return Toolchain(program, (_home(mono), _home(compiler)), environment, failure=failure)


def _ask(*argv: str) -> str:
    """What a program of the toolchain tells about itself."""
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60).stdout.strip()


_MAKERS: dict[str, Callable[[], Toolchain | str]] = {
    "python": _python,
    "java": _java,
    "javascript": _javascript,
    "typescript": _typescript,
    "csharp": _csharp,
    "go": _go,
    "rust": _rust,
}
