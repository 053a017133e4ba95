"""Show two versions of a text as a unified diff, using a longest common subsequence."""

from dataclasses import dataclass
from typing import Iterator, Sequence


@dataclass(frozen=True)
class Edit:
    mark: str  # " ", "-" or "+"
    text: str
    old_no: int  # lines of the old text consumed before this edit
    new_no: int

    def __str__(self) -> str:
        return self.mark + self.text


def lcs_lengths(old: Sequence[str], new: Sequence[str]) -> list[list[int]]:
    """``table[i][j]`` is the LCS length of ``old[i:]`` and ``new[j:]``."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            if old[i] == new[j]:
                table[i][j] = table[i + 1][j + 1] + 1
            else:
                table[i][j] = max(table[i + 1][j], table[i][j + 1])
    return table


def edit_script(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    table = lcs_lengths(old, new)
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i] == new[j]:
            yield Edit(" ", old[i], i, j)
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and table[i + 1][j] >= table[i][j + 1]):
            yield Edit("-", old[i], i, j)
            i += 1
        else:
            yield Edit("+", new[j], i, j)
            j += 1


def hunks(edits: Sequence[Edit], context: int = 3) -> Iterator[list[Edit]]:
    """Slice out the changes; changes closer than two contexts share a hunk."""
    changed = [index for index, edit in enumerate(edits) if edit.mark != " "]
    start = end = None
    for index in changed:
        if start is None:
            start = max(0, index - context)
        elif index - context > end:
            yield list(edits[start:end])
            start = index - context
        end = index + context + 1
    if start is not None:
        yield list(edits[start:end])


def header(hunk: Sequence[Edit]) -> str:
    removed = sum(edit.mark != "+" for edit in hunk)
    added = sum(edit.mark != "-" for edit in hunk)
    first = hunk[0]
    # an empty range is numbered by the line before it
    old_start = first.old_no + (removed > 0)
    new_start = first.new_no + (added > 0)
    return f"@@ -{old_start},{removed} +{new_start},{added} @@"


def unified(old: str, new: str, names=("a", "b"), context: int = 3) -> str:
    output = []
    for hunk in hunks(list(edit_script(old.splitlines(), new.splitlines())), context):
        output.append(header(hunk))
        output.extend(map(str, hunk))
    if output:
        output[:0] = [f"--- {names[0]}", f"+++ {names[1]}"]
    return "\n".join(output)


OLD_RECIPE = """\
Rye loaf
500 g flour
320 ml water
9 g salt
3 g yeast
knead 10 min
rest 60 min
shape
proof 30 min
score the top
bake 35 min
cool on a rack
"""

NEW_RECIPE = OLD_RECIPE.replace("320 ml", "340 ml").replace("bake", "steam the oven\nbake")

if __name__ == "__main__":
    print(unified(OLD_RECIPE, NEW_RECIPE, ("recipe.old", "recipe.new"), context=2))
