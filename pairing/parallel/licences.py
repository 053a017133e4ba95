"""Whether two programs may stand in one text by their licences. Pure functions; a table, no legal advice.

The two programs of a pair become one document. What licences say about combining code in one work is taken from

* the FSF's licence list (https://www.gnu.org/licenses/license-list.html), which says of each licence whether it is
  compatible with the GPL and with which version,
* the FSF's matrix for the versions of its own licences (https://www.gnu.org/licenses/gpl-faq.html#AllCompatibility),
* the Apache Software Foundation on GPL 2 (https://www.apache.org/licenses/GPL-compatibility.html),
* Creative Commons on the one way from BY-SA 4.0 to GPL 3 (https://creativecommons.org/compatiblelicenses).

Permissive licences go with anything, but for those that the list calls incompatible with the GPL. Two licences of the
table that no rule names are compatible.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import combinations, product

from pairing.parallel.spdx import Alternatives, NotSpdx, alternatives

PERMISSIVE = frozenset(
    (
        "0BSD", "AFL-3.0", "Apache-2.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-2-Clause-Patent", "BSD-3-Clause",
        "BSD-3-Clause-Clear", "BSL-1.0", "BlueOak-1.0.0", "CC-BY-3.0", "CC-BY-4.0", "CC0-1.0", "ECL-2.0", "FSFAP",
        "FTL", "HPND", "ICU", "ISC", "JSON", "Libpng", "MIT", "MIT-0", "MIT-Modern-Variant", "MulanPSL-2.0", "NCSA",
        "NTP", "OFL-1.1", "PDDL-1.0", "PSF-2.0", "PostgreSQL", "Python-2.0", "Python-2.0.1", "Ruby", "UPL-1.0",
        "Unicode-3.0", "Unicode-DFS-2015", "Unicode-DFS-2016", "Unlicense", "Vim", "W3C", "WTFPL", "X11", "ZPL-2.1",
        "Zlib", "curl", "libtiff",
    )
)  # fmt: skip
"""Ask for no more than notices."""

GPL_2 = frozenset({"GPL-2.0-only"})
GPL_2_LATER = frozenset({"GPL-2.0-or-later"})
GPL_3 = frozenset({"GPL-3.0-only", "GPL-3.0-or-later"})
AGPL_3 = frozenset({"AGPL-3.0-only", "AGPL-3.0-or-later"})
LGPL_2 = frozenset({"LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later"})
LGPL_3 = frozenset({"LGPL-3.0-only", "LGPL-3.0-or-later"})
GPL = GPL_2 | GPL_2_LATER | GPL_3 | AGPL_3
"""Whole works under the GPL's kind of copyleft."""

VERSION_3 = GPL_3 | AGPL_3 | LGPL_3

AGAINST_GPL = frozenset(
    (
        "AFL-3.0", "Apache-1.0", "Apache-1.1", "BSD-4-Clause", "BSD-4-Clause-UC", "BUSL-1.1", "CC-BY-NC-3.0",
        "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-3.0", "CC-BY-ND-4.0",
        "CC-BY-SA-3.0", "CDDL-1.0", "CDDL-1.1", "CPAL-1.0", "CPL-1.0", "EPL-1.0", "EPL-2.0", "IPL-1.0", "JSON",
        "LPL-1.02", "MPL-1.0", "MPL-1.1", "MPL-2.0-no-copyleft-exception", "MS-PL", "MS-RL", "NPL-1.1", "OSL-3.0",
        "OpenSSL", "PHP-3.0", "PHP-3.01", "QPL-1.0", "RPSL-1.0", "SSPL-1.0",
    )
)  # fmt: skip
"""Incompatible with every version of the GPL (the list's "GPL-incompatible"; EPL-2.0 unless its holder names the GPL
as a secondary licence, which an identifier does not show; source-available and non-commercial terms are further
restrictions in the sense of section 6 of GPL 2 and section 10 of GPL 3)."""

OTHER_COPYLEFT = frozenset(
    {"Artistic-2.0", "CC-BY-SA-4.0", "CECILL-2.1", "EUPL-1.1", "EUPL-1.2", "LPPL-1.3c", "MPL-2.0"}
)
"""Known, and compatible with what no rule below names (MPL-2.0: section 3.3; EUPL: its appendix; CECILL: section
5.3.4; Artistic-2.0: section 4(c)(ii))."""

SOURCE_AVAILABLE = frozenset({"SSPL-1.0", "BUSL-1.1"})

RULES = (
    (GPL_2, frozenset({"Apache-2.0"})),  # patent termination and indemnification: ASF and FSF
    (GPL_2, VERSION_3),  # the matrix: "NO"
    (GPL_2, frozenset({"CC-BY-SA-4.0", "ECL-2.0", "MulanPSL-2.0"})),  # compatible with version 3 alone
    (GPL, AGAINST_GPL),
    (LGPL_2 | LGPL_3, AGAINST_GPL - frozenset({"EPL-1.0", "EPL-2.0", "AFL-3.0", "JSON"})),  # code copied, not linked
    (frozenset({"CC-BY-SA-4.0", "CC-BY-SA-3.0"}), SOURCE_AVAILABLE | frozenset({"CDDL-1.0", "EPL-1.0", "EPL-2.0"})),
)
"""Pairs of sets of licences of which no two go together, whichever side each stands on."""

KNOWN = PERMISSIVE | GPL | LGPL_2 | LGPL_3 | AGAINST_GPL | OTHER_COPYLEFT

FREEING = {"Apache-2.0 WITH LLVM-exception": "MIT"}
"""Licences whose exception lifts the conflict with GPL 2 (https://llvm.org/LICENSE.txt, second exception), and what
stands for them. Any other exception permits more than the licence, and the licence alone is judged."""


class Verdict(StrEnum):
    """What is known of two licences."""

    COMPATIBLE = "compatible"
    INCOMPATIBLE = "incompatible"
    UNKNOWN = "unknown"


@lru_cache(maxsize=4096)
def read(licence: str | None) -> Alternatives | None:
    """A licence's alternatives, those that the table knows; None where it knows none of them."""
    try:
        found = alternatives(licence or "")
    except NotSpdx:
        return None
    known = [frozenset(map(_plain, each)) for each in found]
    return frozenset(each for each in known if each <= KNOWN) or None


_WRITTEN = {name.lower(): name for name in (*KNOWN, *FREEING)}
"""Identifiers count whatever their case (SPDX 2.3, annex D.2); hosts write them small."""


def _plain(name: str) -> str:
    written = _WRITTEN.get(name.lower(), name)
    bare = FREEING.get(written, written.split(" WITH ")[0])
    return _WRITTEN.get(bare.lower(), bare)


def judge(licences: Iterable[str | None]) -> Verdict:
    """Whether programs under these licences may be joined in one text.

    Incompatible: no choice of alternatives goes together. Unknown: one of the licences is null, no SPDX expression or
    not in the table, and those that are known go together.
    """
    known = [read(licence) for licence in dict.fromkeys(licences)]
    judged = [each for each in known if each is not None]
    if not all(_go_together(a, b) for a, b in combinations(judged, 2)):
        return Verdict.INCOMPATIBLE
    return Verdict.COMPATIBLE if len(judged) == len(known) else Verdict.UNKNOWN


@lru_cache(maxsize=4096)
def _go_together(a: Alternatives, b: Alternatives) -> bool:
    return any(not any(conflict(x, y) for x, y in product(one, other)) for one, other in product(a, b))


def conflict(x: str, y: str) -> bool:
    """Whether a rule names these two licences of the table."""
    return any((x in one and y in other) or (y in one and x in other) for one, other in RULES)


def joined(licences: Iterable[str | None]) -> str | None:
    """The licence of a text made of several programs: all of theirs; null where one is unknown."""
    found = list(dict.fromkeys(licences))
    if None in found:
        return None
    if len(found) == 1:
        return found[0]
    return " AND ".join(f"({each})" if " OR " in str(each).upper() else str(each) for each in found)
