import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.parallel.licences import AGAINST_GPL, KNOWN, PERMISSIVE, RULES, Verdict, conflict, joined, judge
from pairing.parallel.spdx import NotSpdx, alternatives

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


@given(
    st.sampled_from(sorted(KNOWN)),
    st.sampled_from(sorted(PERMISSIVE - AGAINST_GPL - {"Apache-2.0", "ECL-2.0", "MulanPSL-2.0"})),
)
def test_permissive_licences_go_with_every_known_one(any_licence, permissive):
    assert judge((any_licence, permissive)) is YES


@given(st.sampled_from(sorted(KNOWN)))
def test_a_licence_goes_with_itself(licence):
    assert not conflict(licence, licence)
    assert judge((licence, licence)) is YES


def test_every_licence_of_a_rule_is_in_the_table():
    assert {licence for rule in RULES for side in rule for licence in side} <= KNOWN


@pytest.mark.parametrize("text", ["", "MIT AND", "(MIT", "MIT)", "MIT Apache-2.0", "AND", "MIT/", "a\nb,c"])
def test_what_is_no_expression_is_none(text):
    with pytest.raises(NotSpdx):
        alternatives(text)


def test_an_expression_that_doubles_with_each_term_is_refused_at_once():
    with pytest.raises(NotSpdx):
        alternatives(" AND ".join(f"(A{n} OR B{n})" for n in range(40)))
    with pytest.raises(NotSpdx):
        alternatives("(" * 5000 + "MIT" + ")" * 5000)


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
