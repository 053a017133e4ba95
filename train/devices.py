"""Peak operations a second of NVIDIA GPUs, by the name that torch gives them. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peak:
    """Dense multiplications and additions, 10^12 a second, as the vendor states them at boost clock.

    Attributes:
        bf16: tensor cores with fp32 sums; None: the chip has no bf16.
        fp32: without tensor cores (TF32 off), as torch multiplies fp32 matrices unless told otherwise.
    """

    bf16: float | None
    fp32: float


_H100 = Peak(989.4, 66.9)
_H100_PCIE = Peak(756.0, 51.2)
_H100_NVL = Peak(835.5, 60.0)
_A100 = Peak(312.0, 19.5)

PEAKS: dict[str, Peak] = {
    "GB200": Peak(2500.0, 80.0),
    "B200": Peak(2250.0, 75.0),
    "GH200": _H100,
    "H200": _H100,
    "H200 NVL": _H100_NVL,
    "H100 HBM3": _H100,
    "H100 HBM2E": _H100_PCIE,
    "H100 PCIE": _H100_PCIE,
    "H100 NVL": _H100_NVL,
    "H800": _H100,
    "H800 PCIE": _H100_PCIE,
    "H20": Peak(148.0, 44.0),
    "A100 SXM4": _A100,
    "A100 PCIE": _A100,
    "L40S": Peak(362.05, 91.6),
    "L40": Peak(181.05, 90.5),
    "L4": Peak(121.0, 30.3),
    "A40": Peak(149.7, 37.4),
    "A10": Peak(125.0, 31.2),
    "A10G": Peak(70.0, 35.0),
    "RTX 4090": Peak(165.2, 82.6),
    "RTX 3090": Peak(71.0, 35.6),
    "V100 SXM2": Peak(None, 15.7),
    "V100 PCIE": Peak(None, 14.0),
}
"""By what is left of a name without vendor and memory size. Where a source counts with sparsity, half of it.

H100, H200: product pages (1,979 and 1,671 bf16 with sparsity, fp32 67 and 60) and the Hopper white paper (989.4, 66.9;
PCIe 756, 51.2), as torchtitan and Lightning have them; a GH200 holds the chip of H100 SXM, an H800 its cores. B200,
GB200: Blackwell data sheet (4,500 and 5,000 with sparsity, 75 and 80). H20, A100, V100, L4, L40, L40S, A40, A10: data
sheets. A10G: a variant of A10 with other rates. RTX 4090 and 3090: Ada and GA102 white papers, sums in fp32."""

_VENDOR = {"NVIDIA", "TESLA", "GEFORCE"}
_MEMORY = re.compile(r"\d+GB?|HBM\d\w?")


def peak_flops(name: str, precision: str) -> float | None:
    """Operations a second at best, dense.

    Args:
        name: as torch.cuda.get_device_name gives it.
        precision: bf16 or fp32.

    Returns:
        None where the device is not in the table, is part of one (MIG), or lacks the precision: never a guess.

    Raises:
        ValueError: another precision.
    """
    if precision not in ("bf16", "fp32"):
        raise ValueError(f"precision is {precision!r}; bf16 or fp32")
    words = [word for word in re.split(r"[\s-]+", name.upper()) if word and word not in _VENDOR]
    bare = " ".join(word for word in words if not _MEMORY.fullmatch(word))
    if bare == "H100":  # SXM and early PCIe cards differ in the kind of memory only
        bare = " ".join(word for word in words if word == "H100" or word.startswith("HBM"))
    found = PEAKS.get(bare)
    value = None if found is None else found.bf16 if precision == "bf16" else found.fp32
    return None if value is None else value * 1e12
