"""Roman numerals in both directions, with validation, and a clock face as an example."""

import math
import re

SYMBOLS = {
    "M": 1000, "CM": 900, "D": 500, "CD": 400,
    "C": 100, "XC": 90, "L": 50, "XL": 40,
    "X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1,
}
CANONICAL = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", re.IGNORECASE)
LARGEST = 3999


def to_roman(number: int) -> str:
    """
    >>> to_roman(1994)
    'MCMXCIV'
    """
    if not 1 <= number <= LARGEST:
        raise ValueError(f"{number} has no Roman numeral, only 1 to {LARGEST} do")
    numeral = ""
    for symbol, value in SYMBOLS.items():
        count, number = divmod(number, value)
        numeral += symbol * count
    return numeral


def from_roman(numeral: str) -> int:
    """
    >>> from_roman("mmxxiv")
    2024
    """
    if not numeral or not CANONICAL.fullmatch(numeral):
        raise ValueError(f"not a Roman numeral: {numeral!r}")
    values = [SYMBOLS[letter] for letter in numeral.upper()]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following))


def clock_face(radius: int = 6) -> str:
    """Draw the twelve hours around a circle; by tradition, four o'clock is IIII and not IV."""
    width, height = 4 * radius + 6, 2 * radius + 1
    grid = [[" "] * width for _ in range(height)]
    for hour in range(1, 13):
        label = "IIII" if hour == 4 else to_roman(hour)
        angle = math.tau * hour / 12
        row = round(radius - radius * math.cos(angle))
        column = round(width / 2 + 2 * radius * math.sin(angle) - len(label) / 2)
        grid[row][column:column + len(label)] = label
    return "\n".join("".join(row).rstrip() for row in grid)


if __name__ == "__main__":
    for year in (44, 1066, 1994, 2024, 3999):
        print(year, to_roman(year))
    print(clock_face())
