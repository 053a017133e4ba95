from collections import Counter

from pairing.features.equivalents import EQUIVALENTS, GROUPS
from pairing.features.names import split


def test_a_name_belongs_to_one_group_only():
    counts = Counter(name for group in GROUPS for name in group.split())
    assert [name for name, times in counts.items() if times > 1] == []


def test_names_are_written_as_names_are_split():
    # a name with digits or capitals would never be looked up
    assert [name for name in EQUIVALENTS if split(name)[1] != name] == []


def test_the_first_of_a_group_stands_for_all_and_for_itself():
    assert EQUIVALENTS[b"tolowercase"] == EQUIVALENTS[b"casefold"] == EQUIVALENTS[b"lower"] == b"lower"
    assert EQUIVALENTS[split(b"ToInt32")[1]] == EQUIVALENTS[b"atoi"] == b"int"
    assert all(EQUIVALENTS[name] == name for name in EQUIVALENTS.values())
