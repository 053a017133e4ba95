"""The numbers that arXiv 2512.13472 prints."""

from dataclasses import dataclass

import numpy as np

from fit.points import Array

BILLION = 1e9

LANGUAGES = ("Python", "Java", "JavaScript", "TypeScript", "C#", "Go", "Rust")
"""In the order of its tables."""


@dataclass(frozen=True, slots=True)
class LanguageLaw:
    """A row of figure 2; the coefficients N_c and D_c are not printed."""

    alpha_n: float
    alpha_d: float
    floor: float


FIGURE_2 = {
    "Python": LanguageLaw(0.221, 1.217, 0.566),
    "Java": LanguageLaw(0.447, 1.129, 0.397),
    "JavaScript": LanguageLaw(0.692, 1.247, 0.554),
    "TypeScript": LanguageLaw(0.439, 1.303, 0.518),
    "C#": LanguageLaw(0.321, 1.350, 0.288),
    "Go": LanguageLaw(0.845, 1.149, 0.414),
    "Rust": LanguageLaw(0.643, 1.297, 0.397),
}
"""Exponents and floor of L(N, D) = (N_c / N)^alpha_N + (D_c / D)^alpha_D + L_inf for each language."""

STATED_DIFFICULTY = ("C#", "Java", "Rust", "Go", "TypeScript", "JavaScript", "Python")
"""Order of difficulty in the text, the easiest first; Java and Rust are about equal."""

TABLE_1_LOSSES: Array = np.array(
    [
        [0.7528, 0.7600, 0.7733, 0.7426, 0.7688, 0.7613, 0.7656],
        [0.8490, 0.7942, 0.7913, 0.9034, 0.8069, 0.7894, 0.7175],
        [0.5126, 0.5170, 0.5285, 0.5262, 0.5352, 0.5424, 0.5292],
        [0.5124, 0.5347, 0.5284, 0.5225, 0.5273, 0.5169, 0.5257],
        [0.3327, 0.3331, 0.3391, 0.3393, 0.3395, 0.3352, 0.3459],
        [0.4121, 0.4137, 0.4204, 0.4200, 0.4328, 0.4211, 0.4200],
        [0.3801, 0.3794, 0.3954, 0.3840, 0.3844, 0.3788, 0.3843],
    ]
)
"""Table 1, losses as they stand in print: rows are targets; columns are headed as in `LANGUAGES`, wrongly."""

TABLE_1_GAINS: Array = np.array(
    [
        [0, 1.36, -1.12, -0.95, -1.69, -2.13, -2.72],
        [6.02, 0, 12.62, 12.08, 20.58, 10.68, 12.41],
        [5.49, 2.98, 0, 4.69, 2.44, 1.34, 2.56],
        [4.17, 2.29, 3.34, 0, 1.68, 1.39, 1.18],
        [3.84, 1.93, 3.10, 3.71, 0, 1.87, 1.98],
        [4.77, 2.95, 2.70, 4.41, 2.95, 0, 2.86],
        [3.87, 2.89, 4.20, 4.05, 2.81, 2.80, 0],
    ]
)
"""Table 1, percentages in print: 100 (self - mixed) / self; rows targets, columns auxiliary languages."""


@dataclass(frozen=True, slots=True)
class ScaleLaw:
    """A N^-alpha + B D^-beta + floor, N in billions of parameters and D in billions of tokens."""

    a: float
    b: float
    alpha: float
    beta: float
    floor: float


EQUATION_3 = ScaleLaw(0.1574, 9.553, 0.3470, 0.8829, 0.1236)
"""Translation, zero-shot, of models trained on shuffled files."""
EQUATION_4 = ScaleLaw(0.0508, 0.793, 6.404, 0.8829, 0.1006)
"""Translation of seen directions, trained on pairs, as printed."""
EQUATION_4_EXCHANGED = ScaleLaw(0.0508, 6.404, 0.793, 0.8829, 0.1006)
"""The same with B and alpha exchanged, which is what can be meant."""
EQUATION_5 = ScaleLaw(0.0350, 4.518, 0.781, 0.869, 0.0524)
"""Translation of unseen directions, trained on pairs."""


@dataclass(frozen=True, slots=True)
class StarredLaw:
    """Equation 8: A* and B* are not printed."""

    alpha_n: float
    alpha_d: float
    floor: float


EQUATION_8 = StarredLaw(0.2186, 0.6859, 0.2025)

TRANSLATION_SIZES = (0.2, 0.5, 1.5, 3.0, 7.0)
"""Models of the translation study, in billions of parameters."""
TRANSLATION_TOKENS = 1000.0
"""Their tokens, in billions."""
FIGURE_3_SHUFFLED = (0.2690, 0.2014, 0.1526, 0.1306, 0.1019)
"""Figure 3, mean loss over 30 unseen directions by size; its values have no labels, this order is monotone."""
FIGURE_3_PAIRED = (0.1880, 0.1206, 0.0976, 0.0849, 0.0760)
"""The same for models trained on pairs; equation 5 supports the assignment."""

TABLE_3_SIZES = ("0.5B", "1.5B", "3B", "7B")
TABLE_3: dict[str, tuple[tuple[float, float], ...]] = {
    "Python": ((14.02, 12.20), (19.51, 21.34), (21.95, 25.61), (34.15, 26.22)),
    "Java": ((1.90, 8.23), (5.70, 15.84), (6.96, 22.78), (14.56, 32.28)),
    "JavaScript": ((7.45, 7.45), (21.74, 19.89), (24.22, 24.84), (36.02, 37.27)),
    "TypeScript": ((15.72, 13.21), (22.64, 21.93), (29.56, 28.30), (40.25, 40.25)),
    "C#": ((10.13, 9.49), (15.19, 13.35), (25.32, 24.05), (37.34, 32.91)),
}
"""MultiPL-E pass@1 by language and size: (shuffled, paired)."""
TABLE_3_AVERAGES = ((9.84, 10.12), (16.96, 18.47), (21.60, 25.12), (32.46, 33.79))
"""Its printed averages."""

FIGURE_5_CHANGES = (26.77, -5.81, -8.83, -13.49, 5.60, -4.24)
"""Figure 5 (b): tokens of six bars against 50 billion a language, in billions; the first is Python."""
ALLOCATION_SIZE, ALLOCATION_TOKENS = 1.5, 350.0
"""Model of the allocation study and its tokens of code, in billions."""

DESIGN_SIZES = {
    "languages (section 3)": (0.1, 0.2, 0.4, 0.6, 1.1, 1.3, 1.6, 2.0, 2.4, 3.1),
    "translation (section 5)": TRANSLATION_SIZES,
    "allocation (section 6)": (ALLOCATION_SIZE,),
}
"""Sizes that its designs list, in billions of parameters."""
CLAIMED_LARGEST = 14.0
"""The largest size that it says it trained, in billions."""
CLAIMED_LARGEST_EXPONENTS, CLAIMED_SMALL_EXPONENTS = "Python", "Rust"
"""Languages whose exponents its text calls the largest, and small ones."""
CLAIMED_CUT = {"abstract": "Rust", "section 6.1": "Go"}
"""The language that is said to get fewer tokens, by place in the text."""

OTHER_DATA_EXPONENTS = {
    "code, 2301.03728": 0.32,
    "code, 2510.08702": 0.298,
    "text, 2404.10102": 0.366,
}
"""Exponents of D that other studies report, by what they are of and their arXiv number."""
