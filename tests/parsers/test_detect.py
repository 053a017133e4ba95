"""Which language a file is in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.detect import detect
from parsers.languages import LANGUAGES

GO = b'// Copyright\n\npackage main\n\nimport (\n\t"fmt"\n)\n\nfunc main() {\n\tx := 1\n\tfmt.Println(x)\n}\n'
PYTHON = b"import os\nfrom sys import path\n\ndef main(a, b=1):\n    pass\n\nif __name__ == '__main__':\n    main(1)\n"
RUST = b"use std::io;\n\n#[derive(Debug)]\nstruct A;\n\nfn main() {\n    let mut x = 1;\n}\n"
JAVA = b"package a.b;\n\nimport java.util.List;\n\npublic class A {\n  public static void main(String[] a) {}\n}\n"
CSHARP = b"using System;\n\nnamespace A.B\n{\n    public class C { public int D { get; set; } }\n}\n"
JAVASCRIPT = b"'use strict';\nconst fs = require('fs');\nmodule.exports = fs;\n"
TYPESCRIPT = b"export interface A {\n  b: string;\n}\nconst x: number = 1;\nfunction f(a: A): string { return a.b }\n"


@pytest.mark.parametrize(
    ("path", "content", "declared", "language", "how"),
    [
        ("a.py", b"", None, "python", "extension"),
        ("A.JAVA", b"", None, "java", "extension"),
        ("x/y.tsx", b"", None, "typescript", "extension"),
        ("lib.d.ts", b"declare const x: number;", None, "typescript", "extension"),
        ("m.mjs", b"", None, "javascript", "extension"),
        ("a.js", b"// @flow\nconst x: number = 1;", None, "javascript", "extension"),
        ("de.ts", b'<?xml version="1.0"?>\n<!DOCTYPE TS>', None, None, "content"),
        ("de.ts", b"\n<!DOCTYPE TS><TS>", None, None, "content"),
        ("de.ts", b"<T>x;", None, "typescript", "extension"),
        ("v.ts", (b"\x47" + b"\xff" * 187) * 4, None, None, "content"),
        ("k.rs", b"// c\n#pragma version(1)\n#pragma rs java_package_name(a)\n", None, None, "content"),
        ("k.rs", b"fn main() {}", None, "rust", "extension"),
        ("k.cs", b"'From Squeak3.7 of 4 September'\n!A methodsFor: 'x'!", None, None, "content"),
        ("a.c", b"#!/usr/bin/python\n", None, None, "extension"),
        ("README.md", PYTHON, None, None, "extension"),
        ("SConstruct", b"", None, "python", "filename"),
        ("tool", b"#!/usr/bin/env python3\n", None, "python", "shebang"),
        ("tool", b"#!/usr/bin/env -S deno run\n", None, "typescript", "shebang"),
        ("tool", b"#! /usr/local/bin/node\n", None, "javascript", "shebang"),
        ("tool", b"#!/usr/bin/env A=1 python2.7 -u\n", None, "python", "shebang"),
        ("tool", b"#!/bin/sh\nimport os\n", None, None, "shebang"),
        ("tool", b"# -*- mode: python; coding: utf-8 -*-\n", None, "python", "content"),
        ("tool", b"// vim: set ts=4 ft=rust :\n", None, "rust", "content"),
        ("tool", b"x\n/* vim: filetype=go */\n", None, "go", "content"),
        ("tool", b"", None, None, ""),
        ("LICENSE", b"Permission is hereby granted, free of charge\n", None, None, ""),
        ("Makefile", b"all:\n\tgo build\n", None, None, ""),
        ("a.js", b"", "TypeScript", "typescript", "declared"),
        ("a.py", b"", "C++", None, "declared"),
        ("a.py", b"", "  ", "python", "extension"),
        ("a\\b.go", b"", None, "go", "extension"),
    ],
)
def test_detect(path, content, declared, language, how):
    found = detect(path, content, declared)
    assert (found.language, found.how) == (language, how)


@pytest.mark.parametrize(
    ("content", "language"),
    [
        (GO, "go"), (PYTHON, "python"), (RUST, "rust"), (JAVA, "java"), (CSHARP, "csharp"),
        (JAVASCRIPT, "javascript"), (TYPESCRIPT, "typescript"),
    ],
)  # fmt: skip
def test_content_cues(content, language):
    assert detect("program", content).language == language


@pytest.mark.parametrize(
    "text",
    [
        b"Import the package, then use the function to let the class return.\n" * 20,
        b"#include <stdio.h>\nint main(void) {\n  return 0;\n}\n",
        b"class Foo\n  def bar\n    puts 1\n  end\nend\n",
        b"SELECT a FROM b WHERE c = 1;\n",
        b"fun main(args: Array<String>) {\n  val x = 1\n}\n",
        b'{"a": [1, 2]}\n',
    ],
)
def test_other_texts_have_no_cue(text):
    assert detect("file", text).language is None


@pytest.mark.parametrize(
    "line",
    [b"import {" + b" from ''}" * 33, b"def f(" + b"):x" * 95, b"func f(" + b"){x" * 95, b"-*-;" + b"a;" * 140],
)
def test_hostile_heads_take_no_time(line):
    start = time.process_time()
    for _ in range(10):
        detect("tool", (line + b"!\n") * 14)
    assert time.process_time() - start < 0.5


@given(st.text(max_size=20), st.binary(max_size=300))
def test_any_input_gives_a_known_language_or_none(path, content):
    found = detect(path, content)
    assert found.language is None or found.language in LANGUAGES
    assert found.how or found.language is None
