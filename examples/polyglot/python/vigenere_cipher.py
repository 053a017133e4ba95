"""The Vigenere cipher, and Kasiski's way of guessing the length of its key.

Only letters are enciphered; spaces and punctuation pass through and do not use up key letters.
"""
from collections import Counter, defaultdict
from itertools import cycle, pairwise
from string import ascii_uppercase as ALPHABET

PLAINTEXT = (
    "The convoy leaves the harbour at dawn, when the tide turns. "
    "The convoy follows the lighthouse until the harbour pilot leaves the convoy."
)
KEYWORD = "LEMON"


def _shift_letters(text: str, keyword: str, direction: int) -> str:
    if not keyword.isalpha():
        raise ValueError(f"keyword must consist of letters: {keyword!r}")
    shifts = cycle(ALPHABET.index(letter) for letter in keyword.upper())
    return "".join(
        ALPHABET[(ALPHABET.index(char) + direction * next(shifts)) % 26] if char in ALPHABET else char
        for char in text.upper()
    )


def encrypt(plaintext: str, keyword: str) -> str:
    return _shift_letters(plaintext, keyword, +1)


def decrypt(ciphertext: str, keyword: str) -> str:
    return _shift_letters(ciphertext, keyword, -1)


def repeat_distances(ciphertext: str, size: int = 3) -> list[int]:
    """Distances between successive occurrences of the same sequence of letters."""
    letters = "".join(char for char in ciphertext if char in ALPHABET)
    positions = defaultdict(list)
    for start in range(len(letters) - size + 1):
        positions[letters[start:start + size]].append(start)
    return [after - before for found in positions.values() for before, after in pairwise(found)]


def guess_key_length(ciphertext: str, longest: int = 12) -> int | None:
    """The length that divides most of the distances, or None without any repeat."""
    votes = Counter(
        length
        for distance in repeat_distances(ciphertext)
        for length in range(2, longest + 1)
        if distance % length == 0
    )
    return max(votes, key=lambda length: (votes[length], length), default=None)


if __name__ == "__main__":
    assert encrypt("attack at dawn", KEYWORD) == "LXFOPV EF RNHR"

    secret = encrypt(PLAINTEXT, KEYWORD)
    print(secret)
    print(decrypt(secret, KEYWORD))
    print("repeats at distances", sorted(set(repeat_distances(secret))))
    print("likely key length:", guess_key_length(secret))
