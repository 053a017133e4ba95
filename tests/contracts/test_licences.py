import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.licences import LONGEST, expression, identifiers, is_expression
from contracts.spdx import NotSpdx


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("MIT License", "MIT"),
        ("Apache 2", "Apache-2.0"),
        ("Apache2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The Unlicense", "Unlicense"),
        ("BSD 3 Clause", "BSD-3-Clause"),
        ("MPL v2", "MPL-2.0"),
        ("Mozilla Public License 2.0", "MPL-2.0"),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("GPL v2 or any later version", "GPL-2.0-or-later"),
        ("GNU General Public License v3.0 only", "GPL-3.0-only"),
        ("GPL-2.0", "GPL-2.0"),
        ("gpl-2.0+", "GPL-2.0+"),
        ("GPL-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("mit/apache-2.0", "MIT OR Apache-2.0"),
        ("(MIT License OR Apache 2) and zlib", "(MIT OR Apache-2.0) AND Zlib"),
        ("LicenseRef-Acme", "LicenseRef-Acme"),
    ],
)
def test_names_that_can_mean_one_licence_only_are_read_as_it(written, meant):
    assert expression(written) == meant
    assert is_expression(meant)
    assert expression(meant) == meant


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("GPLv3", r"'GPLv3' \(did you mean GPL-3.0-only or GPL-3.0-or-later\?\)"),
        ("GNU Lesser General Public License 2.1", r"did you mean LGPL-2.1-only or LGPL-2.1-or-later\?"),
        ("BSD", "or BSD-2-Clause or BSD-3-Clause or"),
        ("Apachee-2.0", "did you mean Apache-2.0"),
        ("MPL 2+", "did you mean MPL-2.0"),
        ("CC0", "did you mean CC0-1.0"),
        ("MIT*", r"'MIT\*'"),
        ("MITé", "'MITé'"),
        ("Proprietary", "the list has no licence 'Proprietary'$"),
        ("MIT OR Proprietary", "the list has no licence 'Proprietary'$"),
        ("GPL-2.0 WITH MIT", "the list has no exception 'MIT'"),
        ("MIT AND", "does not make an expression"),
        ("MIT License (MIT)", "does not make an expression"),
        ("", "does not make an expression"),
        ("MIT " * LONGEST, f"more than {LONGEST:,}"),
        ("x" * (LONGEST - 1), "x{80}'$"),
    ],
)
def test_what_could_mean_several_licences_or_none_is_refused_with_the_nearest(written, told):
    with pytest.raises(NotSpdx, match=told):
        expression(written)
    assert not is_expression(written)


@given(
    st.text(max_size=60) | st.lists(st.sampled_from(["MIT", "AND", "or", "WITH", "(", ")", "/", "GPL"])).map(" ".join)
)
def test_whatever_is_read_is_an_expression_and_stays_as_it_is(written):
    try:
        found = expression(written)
    except NotSpdx:
        return
    assert is_expression(found)
    assert expression(found) == found


def test_every_identifier_is_an_expression_and_means_itself():
    for name in identifiers("licence", "deprecated").values():
        assert is_expression(name) and expression(name) == name
    assert not is_expression("Classpath-exception-2.0")
    assert is_expression("GPL-2.0 WITH Classpath-exception-2.0")


def test_a_hostile_licence_is_refused_at_once():
    start = time.monotonic()
    assert not is_expression("A/" * 500_000)
    with pytest.raises(NotSpdx):
        expression(" or later" * 100)
    assert time.monotonic() - start < 5
