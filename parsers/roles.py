"""What each node kind of a grammar means to the search for units, by its integer id."""

from collections.abc import Mapping
from functools import cache

from tree_sitter import Language

from parsers.languages import LANGUAGES

# Plain integers: the search compares roles a million times a second, which the members of an Enum would halve.
NONE, UNWRAP, LAMBDA, WRAPPER, BINDING, SCOPE, CLASS, FUNCTION, COMMENT, ATTRIBUTE = range(10)


@cache
def role_table(name: str, language: Language) -> Mapping[int, int]:
    """Return node kind id to role; kinds without a role are absent. Integers compare faster than names."""
    spec = LANGUAGES[name]
    kinds = (
        (UNWRAP, spec.unwrap_kinds),
        (COMMENT, spec.comment_kinds),
        (ATTRIBUTE, spec.attribute_kinds),
        (WRAPPER, spec.wrapper_kinds),
        (LAMBDA, spec.lambda_kinds),
        (BINDING, spec.binding_kinds),
        (SCOPE, spec.scope_kinds),
        (CLASS, spec.class_kinds),
        (FUNCTION, spec.function_kinds),
    )
    table: dict[int, int] = {}
    for role, names in kinds:
        for kind in names:
            if (number := language.id_for_node_kind(kind, True)) is not None:
                table[number] = role
    return table
