from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.parallel.licence_table import (
    ANY_TERMS,
    CONDITIONS,
    COPYLEFT,
    GPL_3_ALONE,
    NO_ADAPTATIONS,
    NOT_GPL,
    PASSED_ON,
    PERMISSIVE,
    SOURCE_AVAILABLE,
)
from pairing.parallel.licences import KNOWN, Verdict, joined, judge, largest_part

YES, NO, UNKNOWN = Verdict.COMPATIBLE, Verdict.INCOMPATIBLE, Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("MIT", "GPL-3.0-only", YES),
        ("MIT", "CC-BY-NC-4.0", YES),
        ("Apache-2.0", "GPL-2.0-only", NO),
        ("Apache-2.0", "GPL-2.0", NO),
        ("Apache-2.0", "GPL-2.0-or-later", YES),
        ("Apache-2.0", "GPL-2.0+", YES),
        ("Apache-2.0", "GPL-3.0-only", YES),
        ("Apache-2.0 WITH LLVM-exception", "GPL-2.0-only", YES),
        ("GPL-2.0-only", "GPL-3.0-only", NO),
        ("GPL-2.0-only", "GPL-3.0-or-later", NO),
        ("GPL-2.0-only", "LGPL-3.0-only", NO),
        ("GPL-2.0-only", "AGPL-3.0-only", NO),
        ("GPL-2.0-or-later", "GPL-3.0-only", YES),
        ("GPL-2.0-only", "LGPL-2.1-only", YES),
        ("GPL-3.0-only", "AGPL-3.0-only", YES),
        ("GPL-3.0-only", "CDDL-1.0", NO),
        ("LGPL-2.1-only", "CDDL-1.0", NO),
        ("EPL-2.0", "GPL-2.0-or-later", NO),
        ("MPL-2.0", "GPL-2.0-only", YES),
        ("MPL-1.1", "GPL-2.0-only", NO),
        ("MPL-1.1", "MPL-2.0", YES),
        ("BSD-4-Clause", "GPL-3.0-only", NO),
        ("BSD-4-Clause", "MIT", YES),
        ("CC-BY-SA-4.0", "GPL-3.0-only", YES),
        ("CC-BY-SA-4.0", "GPL-2.0-only", NO),
        ("MIT OR Apache-2.0", "GPL-2.0-only", YES),
        ("MIT AND Apache-2.0", "GPL-2.0-only", NO),
        ("GPL-2.0-only OR GPL-3.0-only", "Apache-2.0", YES),
        ("(GPL-2.0-only OR MIT) AND Apache-2.0", "GPL-2.0-only", NO),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "Apache-2.0", NO),
        ("MIT", None, UNKNOWN),
        ("MIT", "LicenseRef-own", UNKNOWN),
        ("MIT", "see LICENSE file", UNKNOWN),
        ("MIT", "", UNKNOWN),
        ("LicenseRef-own OR MIT", "GPL-2.0-only", YES),
    ],
)
def test_what_may_stand_in_one_text(a, b, verdict):
    assert judge((a, b)) is judge((b, a)) is verdict


def test_of_several_programs_two_that_clash_are_enough_whatever_else_is_unknown():
    assert judge(("MIT", None, "GPL-2.0-only", "Apache-2.0")) is NO
    assert judge(("MIT", None, "GPL-2.0-only")) is UNKNOWN


def test_three_licences_may_go_together_two_by_two_and_not_all_at_once():
    three = ("EUPL-1.1", "GPL-2.0-or-later", "Apache-2.0")
    assert all(judge(two) is YES for two in (three[:2], three[1:], three[::2]))
    assert judge(three) is NO
    # one choice for all: MIT for one and GPL for another would be two texts
    assert judge(("CDDL-1.0 OR GPL-3.0-only", "CDDL-1.0", "GPL-3.0-only")) is NO


def test_the_largest_part_is_of_the_programs_that_go_together_and_of_equals_the_first():
    assert largest_part(["EUPL-1.1", "GPL-2.0-or-later", "Apache-2.0", None]) == [0, 1, 3]
    assert largest_part(["Apache-2.0", "GPL-2.0-only", "nobody knows"]) == [0, 2]
    assert largest_part(["GPL-2.0-only", "Apache-2.0", "GPL-3.0-only", "CDDL-1.0"]) == [1, 2]
    assert largest_part(["CC-BY-ND-4.0", "CC-BY-ND-4.0"]) == []


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("GPL-2.0-only AND LicenseRef-own", "Apache-2.0", NO),
        ("GPL-2.0-only AND LicenseRef-own", "MIT", UNKNOWN),
        ("GPL-2.0-only OR LicenseRef-own", "Apache-2.0", NO),
        ("LicenseRef-a OR (GPL-2.0-only AND LicenseRef-b)", "Apache-2.0", UNKNOWN),
        ("Apache-2.0 AND GPL-2.0-only", "MIT", NO),
        (None, "CC-BY-ND-4.0", NO),
        (None, "BUSL-1.1", UNKNOWN),
        (None, "GPL-2.0-only", UNKNOWN),
    ],
)
def test_what_is_known_of_a_licence_counts_beside_what_is_not(a, b, verdict):
    assert judge((a, b)) is judge((b, a)) is verdict


GNU = {name for name in KNOWN if "GPL-" in name}
VERSION_2 = {"GPL-1.0-only", "GPL-2.0-only"}
FAMILIES = (
    GNU - VERSION_2,
    {name for name in GNU if name.startswith("LGPL-2")} | {"GPL-2.0-only", "GPL-2.0-or-later", "GPL-1.0-or-later"},
    {"GPL-1.0-only", "GPL-1.0-or-later"},
    {"GPL-2.0-only", "Artistic-2.0", "CECILL-2.1", "EUPL-1.1", "EUPL-1.2", "MPL-2.0"},
    (GNU - VERSION_2) | {"Artistic-2.0", "CECILL-2.1", "EUPL-1.2", "MPL-2.0"},
    {"GPL-2.0-or-later", "GPL-1.0-or-later", "EUPL-1.1", *(n for n in GNU if n.startswith("LGPL-2"))},
    {"CECILL-2.1", "GPL-2.0-only", *(n for n in GNU if n.startswith("LGPL-2"))},
    {"MPL-2.0", "GPL-2.0-only", *(n for n in GNU if n.startswith("LGPL-2"))},
    {"EUPL-1.2", "Artistic-2.0", "GPL-2.0-only", *(n for n in GNU if n.startswith("LGPL-2"))},
    {"CC-BY-SA-4.0", "Artistic-2.0", "CECILL-2.1", "EUPL-1.2", "MPL-2.0",
     *(n for n in GNU - VERSION_2 if not n.startswith("AGPL"))},
    {"CC-BY-SA-2.0", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-4.0"},
    {"CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"},
    {"EUPL-1.1", "EUPL-1.2", "OSL-3.0"}, {"EUPL-1.1", "CPL-1.0"}, {"EUPL-1.1", "EUPL-1.2", "EPL-1.0"},
    {"EPL-1.0", "EPL-2.0"}, {"CDDL-1.0", "CDDL-1.1"},
    {"MPL-1.0", "MPL-1.1", "MPL-2.0", "MPL-2.0-no-copyleft-exception"},
    set(CONDITIONS),
)  # fmt: skip
"""Sets of licences that ask for more than notices, any two of which go together; no others do."""


def expected(a: str, b: str) -> bool:
    """Whether two licences go together, said in words of classes rather than of terms."""
    if {a, b} & NO_ADAPTATIONS:
        return False
    if a == b:
        return True
    if {a, b} & SOURCE_AVAILABLE:
        return False
    if {a, b} <= PERMISSIVE:
        return True
    for one, other in ((a, b), (b, a)):
        if one in PERMISSIVE:
            old = other in VERSION_2
            return not (one in GPL_3_ALONE and old) and not (one in NOT_GPL and other in GNU)
    return any({a, b} <= family for family in FAMILIES)


@pytest.mark.parametrize("licence", sorted(KNOWN))
def test_every_licence_with_every_other(licence):
    found = {other for other in KNOWN if judge([licence, other]) is Verdict.COMPATIBLE}
    assert found == {other for other in KNOWN if expected(licence, other)}
    assert {other for other in KNOWN if judge((licence, other)) is YES} == found
    assert all(judge([licence, other]) is judge([other, licence]) for other in KNOWN)
    assert (licence in found) == (licence not in NO_ADAPTATIONS)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("CC-BY-NC-4.0", "CC-BY-SA-4.0"),
        ("CC-BY-NC-4.0", "MPL-2.0"),
        ("CC-BY-ND-4.0", "MIT"),
        ("CC-BY-NC-ND-4.0", "CC-BY-NC-ND-4.0"),
        ("BUSL-1.1", "MIT"),
        ("SSPL-1.0", "AGPL-3.0-only"),
        ("CDDL-1.0", "MPL-2.0"),
        ("EPL-1.0", "CDDL-1.0"),
        ("OSL-3.0", "CDDL-1.0"),
        ("LPPL-1.3c", "GPL-3.0-only"),
        ("FTL", "GPL-2.0-only"),
        ("JSON", "EPL-2.0"),
    ],
)
def test_what_no_source_joins_is_not_joined(a, b):
    assert judge((a, b)) is judge((b, a)) is NO


def test_the_classes_of_the_table_share_no_licence_and_terms_are_those_of_licences():
    classes = [PERMISSIVE, CONDITIONS, SOURCE_AVAILABLE, NO_ADAPTATIONS, set(COPYLEFT)]
    assert sum(map(len, classes)) == len(KNOWN)
    assert GPL_3_ALONE | NOT_GPL <= PERMISSIVE
    for terms in PASSED_ON.values():
        assert terms <= ANY_TERMS
    for name, terms in COPYLEFT.items():  # each allows its own, by name or by what begins like it
        assert any(name.startswith(own) for own in terms), name
    assert all(judge([a, b]) is Verdict.INCOMPATIBLE for a, b in product(NO_ADAPTATIONS, KNOWN))


@given(st.text(max_size=40))
def test_any_text_has_a_verdict(text):
    assert judge((text, "MIT")) in set(Verdict)


def test_the_licence_of_a_joined_text_is_all_of_its_licences():
    assert joined(["MIT", "MIT"]) == "MIT"
    assert joined(["MIT OR X11", "ISC"]) == "(MIT OR X11) AND ISC"
    assert joined(["MIT", None]) is None
    assert judge((joined(["MIT", "Apache-2.0"]), "GPL-2.0-only")) is NO


@pytest.mark.parametrize(
    ("one", "other"), [("apache-2.0", "gpl-2.0-only"), ("gpl-2.0", "APACHE-2.0"), ("gpl-2.0", "Apache-2.0/Apache-2.0")]
)
def test_identifiers_count_whatever_their_case_and_a_slash_is_a_choice(one, other):
    assert judge([one, other]) == judge(["GPL-2.0-only", "Apache-2.0"])
    assert judge(["mit", other]) == judge(["MIT", "Apache-2.0"])
