"""Under which licences a text may be passed on that holds code under a licence: the table. No legal advice.

`PASSED_ON` says for each licence which terms a larger text may have that its code becomes part of. Two programs may
stand in one text if there are terms that both allow, and so may several. Terms are named by licence, without `-only`
and `-or-later`. Sources:

* the FSF's licence list (https://www.gnu.org/licenses/license-list.html): of each licence whether it is compatible
  with the GPL, and with which version;
* the FSF's matrix for its own licences (https://www.gnu.org/licenses/gpl-faq.html#AllCompatibility);
* the Apache Software Foundation on GPL 2 (https://www.apache.org/licenses/GPL-compatibility.html);
* Creative Commons: the chart of what may be remixed and the chart of adapter's licences in its FAQ
  (https://creativecommons.org/faq/#can-i-combine-material-under-different-creative-commons-licenses-in-my-work), and
  the one way from BY-SA 4.0 to GPL 3 (https://creativecommons.org/compatiblelicenses);
* the licences themselves where they name others: EUPL 1.1 and 1.2 (appendix), MPL 2.0 (1.12, 3.3 and exhibit B),
  CeCILL 2.1 (5.3.4), Artistic 2.0 (4(c)(ii)), and those that allow their later versions.

The rule is careful: terms go together only where a source says so. Copyleft of two kinds, non-commercial beside
share-alike or copyleft, what allows no adaptations (not even with itself: the texts of a pair become one), and
source-available terms beside anything else do not. Identifiers are those of the SPDX licence list 3.
"""

from typing import Final

PERMISSIVE: Final = frozenset(
    (
        "0BSD", "Apache-2.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-2-Clause-Patent", "BSD-3-Clause",
        "BSD-3-Clause-Clear", "BSL-1.0", "BlueOak-1.0.0", "CC-BY-3.0", "CC-BY-4.0", "CC0-1.0", "ECL-2.0", "FSFAP",
        "FTL", "HPND", "ICU", "ISC", "Libpng", "MIT", "MIT-0", "MIT-Modern-Variant", "MulanPSL-2.0", "NCSA", "NTP",
        "PDDL-1.0", "PSF-2.0", "PostgreSQL", "Python-2.0", "Python-2.0.1", "Ruby", "UPL-1.0", "Unicode-3.0",
        "Unicode-DFS-2015", "Unicode-DFS-2016", "Unlicense", "Vim", "W3C", "WTFPL", "X11", "ZPL-2.1", "Zlib", "curl",
        "libtiff",
    )
)  # fmt: skip
"""Ask for no more than notices: with anything but source-available terms and what allows no adaptations."""

GPL_3_ALONE: Final = frozenset({"Apache-2.0", "ECL-2.0", "FTL", "MulanPSL-2.0"})
"""Permissive, and compatible with version 3 of the GNU licences, not with version 2: patent terms (Apache, on which
the other two are modelled) and credit in the documentation (FreeType)."""

NOT_GPL: Final = frozenset({"CC-BY-3.0"})
"""Permissive, and compatible with other Creative Commons licences; the FSF's list has version 4.0 alone."""

CONDITIONS: Final = frozenset(
    (
        "AFL-3.0", "Apache-1.0", "Apache-1.1", "BSD-4-Clause", "BSD-4-Clause-UC", "JSON", "OpenSSL", "PHP-3.0",
        "PHP-3.01",
    )
)  # fmt: skip
"""Permissive with a condition beyond notices (advertising, names, use), for which the FSF's list calls them
incompatible with the GPL: with permissive licences and one another."""

SOURCE_AVAILABLE: Final = frozenset(
    {"BUSL-1.1", "Elastic-2.0", "PolyForm-Noncommercial-1.0.0", "PolyForm-Small-Business-1.0.0", "SSPL-1.0"}
)
"""Limit what the code may be used for, and ask that what holds it does too: with themselves alone."""

NO_ADAPTATIONS: Final = frozenset(
    {"CC-BY-ND-3.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0"}
)  # fmt: skip
"""Adaptations may not be shared: with nothing, themselves included."""

_GNU_2: Final = frozenset({"GPL-1.0", "GPL-2.0", "LGPL-2.0", "LGPL-2.1"})
_GNU_3: Final = frozenset({"GPL-3.0", "AGPL-3.0", "LGPL-3.0"})
_NC_SA: Final = frozenset({"CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"})

COPYLEFT: Final = {
    "GPL-1.0-only": {"GPL-1.0"},
    "GPL-1.0-or-later": {"GPL-1.0", "GPL-2.0", "GPL-3.0", "AGPL-3.0"},
    "GPL-2.0-only": {"GPL-2.0"},
    "GPL-2.0-or-later": {"GPL-2.0", "GPL-3.0", "AGPL-3.0"},
    "GPL-3.0-only": {"GPL-3.0", "AGPL-3.0"},  # section 13 of each
    "GPL-3.0-or-later": {"GPL-3.0", "AGPL-3.0"},
    "AGPL-3.0-only": {"AGPL-3.0"},
    "AGPL-3.0-or-later": {"AGPL-3.0"},
    # section 3 of LGPL 2: may become GPL 2 or any later version
    "LGPL-2.0-only": {"LGPL-2.0", "GPL-2.0", "GPL-3.0", "AGPL-3.0"},
    "LGPL-2.0-or-later": {"LGPL-2.0", "LGPL-2.1", "LGPL-3.0", "GPL-2.0", "GPL-3.0", "AGPL-3.0"},
    "LGPL-2.1-only": {"LGPL-2.1", "GPL-2.0", "GPL-3.0", "AGPL-3.0"},
    "LGPL-2.1-or-later": {"LGPL-2.1", "LGPL-3.0", "GPL-2.0", "GPL-3.0", "AGPL-3.0"},
    "LGPL-3.0-only": {"LGPL-3.0", "GPL-3.0", "AGPL-3.0"},
    "LGPL-3.0-or-later": {"LGPL-3.0", "GPL-3.0", "AGPL-3.0"},
    "Artistic-2.0": {"Artistic-2.0", "GPL-2.0", "GPL-3.0", "AGPL-3.0"},
    "CC-BY-SA-2.0": {"CC-BY-SA-2.0", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-4.0"},
    "CC-BY-SA-2.5": {"CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-4.0"},
    "CC-BY-SA-3.0": {"CC-BY-SA-3.0", "CC-BY-SA-4.0"},
    "CC-BY-SA-4.0": {"CC-BY-SA-4.0", "GPL-3.0"},
    "CC-BY-NC-3.0": {"CC-BY-NC", *_NC_SA},
    "CC-BY-NC-4.0": {"CC-BY-NC", *_NC_SA},
    "CC-BY-NC-SA-3.0": _NC_SA,
    "CC-BY-NC-SA-4.0": {"CC-BY-NC-SA-4.0"},
    "CDDL-1.0": {"CDDL-1.0", "CDDL-1.1"},  # section 4.2
    "CDDL-1.1": {"CDDL-1.1"},
    "CECILL-2.1": {"CECILL-2.1", "GPL-2.0", "GPL-3.0", "AGPL-3.0", "EUPL-1.2"},
    "CPAL-1.0": {"CPAL-1.0"},
    "CPL-1.0": {"CPL-1.0"},
    "EPL-1.0": {"EPL-1.0", "EPL-2.0"},  # section 7
    "EPL-2.0": {"EPL-2.0"},  # the GPL only where the holder names it, which an identifier does not show
    "EUPL-1.1": {"EUPL-1.1", "GPL-2.0", "OSL-3.0", "CPL-1.0", "EPL-1.0"},
    "EUPL-1.2": {
        "EUPL-1.1", "EUPL-1.2", "GPL-2.0", "GPL-3.0", "AGPL-3.0", "OSL-3.0", "EPL-1.0", "CECILL-2.1", "MPL-2.0",
        "LGPL-2.1", "LGPL-3.0",
    },
    "IPL-1.0": {"IPL-1.0"},
    "LPL-1.02": {"LPL-1.02"},
    "LPPL-1.3c": {"LPPL-1.3c"},
    "MPL-1.0": {"MPL-1.0", "MPL-1.1", "MPL-2.0-no-copyleft-exception"},  # section 6: later versions
    "MPL-1.1": {"MPL-1.1", "MPL-2.0-no-copyleft-exception"},
    "MPL-2.0": {
        "MPL-2.0", "MPL-2.0-no-copyleft-exception", "GPL-2.0", "GPL-3.0", "AGPL-3.0", "LGPL-2.1", "LGPL-3.0",
    },
    "MPL-2.0-no-copyleft-exception": {"MPL-2.0-no-copyleft-exception"},
    "MS-PL": {"MS-PL"},
    "MS-RL": {"MS-RL"},
    "NPL-1.1": {"NPL-1.1"},
    "OFL-1.1": {"OFL-1.1"},  # condition 5: under no other licence
    "OSL-3.0": {"OSL-3.0"},
    "QPL-1.0": {"QPL-1.0"},
    "RPSL-1.0": {"RPSL-1.0"},
}  # fmt: skip
"""Ask that what holds the code is passed on under terms like theirs, or is not sold."""

_NOTICES: Final = "notices"
_ANY: Final = frozenset({_NOTICES}).union(*COPYLEFT.values())


def _permissive(name: str) -> frozenset[str]:
    if name in GPL_3_ALONE:
        return _ANY - _GNU_2
    return _ANY - _GNU_2 - _GNU_3 if name in NOT_GPL else _ANY


PASSED_ON: Final[dict[str, frozenset[str]]] = {
    **{name: _permissive(name) for name in PERMISSIVE},
    **{name: frozenset({_NOTICES}) for name in CONDITIONS},
    **{name: frozenset({name}) for name in SOURCE_AVAILABLE},
    **{name: frozenset() for name in NO_ADAPTATIONS},
    **{name: frozenset(terms) for name, terms in COPYLEFT.items()},
}
"""Terms that a text may have which holds code under each licence of the table."""

ANY_TERMS: Final = _ANY | SOURCE_AVAILABLE
"""What code may become part of of which nothing is known."""

FREEING: Final = {"Apache-2.0 WITH LLVM-exception": "MIT"}
"""Licences whose exception lifts the conflict with GPL 2 (https://llvm.org/LICENSE.txt, second exception), and what
stands for them. Any other exception permits more than the licence, and the licence alone is judged."""
