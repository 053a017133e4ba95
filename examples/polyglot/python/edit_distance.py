"""Levenshtein distance, alignments and a small spelling checker.

An alignment is printed on three lines; ``|`` marks letters that match, ``*`` a
substitution, and a dash stands opposite an inserted or deleted letter:

    kitten-
    *|||*|
    sitting
"""

DICTIONARY = ("receive", "separate", "definitely", "necessary", "rhythm", "library", "calendar")
GAP = "-"


def distance_table(source, target):
    """table[i][j] is the cost of turning source[:i] into target[:j]."""
    table = [list(range(len(target) + 1))]
    for i, a in enumerate(source, start=1):
        row = [i]
        for j, b in enumerate(target, start=1):
            above = table[-1]
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
        table.append(row)
    return table


def levenshtein(source, target):
    return distance_table(source, target)[-1][-1]


def align(source, target):
    """Return the pairs of an optimal alignment, walking the table from its far corner."""
    table = distance_table(source, target)
    i, j = len(source), len(target)
    pairs = []
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (source[i - 1] != target[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((source[i], target[j]))
        elif i and table[i][j] == table[i - 1][j] + 1:
            i -= 1
            pairs.append((source[i], GAP))
        else:
            j -= 1
            pairs.append((GAP, target[j]))
    pairs.reverse()
    return pairs


def format_alignment(pairs):
    def mark(a, b):
        if GAP in (a, b):
            return " "
        return "|" if a == b else "*"

    top = "".join(a for a, _ in pairs)
    middle = "".join(mark(a, b) for a, b in pairs)
    bottom = "".join(b for _, b in pairs)
    return "\n".join((top, middle.rstrip(), bottom))


def suggest(misspelling, dictionary=DICTIONARY, tolerance=2):
    """Dictionary words within ``tolerance`` edits, the closest first."""
    ranked = sorted((levenshtein(misspelling, word), word) for word in dictionary)
    return [word for distance, word in ranked if distance <= tolerance]


def main():
    for source, target in [("kitten", "sitting"), ("saturday", "sunday"), ("flaw", "lawn")]:
        print(f"{source} -> {target}: distance {levenshtein(source, target)}")
        print(format_alignment(align(source, target)), end="\n\n")

    for typo in ("recieve", "seperate", "definately", "libary", "xylophone"):
        print(f"{typo}? {' / '.join(suggest(typo)) or 'no idea'}")


if __name__ == "__main__":
    main()
