import pytest

from train.devices import PEAKS, peak_flops

NAMES = {
    "NVIDIA H100 80GB HBM3": (989.4, 66.9),
    "NVIDIA H100 PCIe": (756, 51.2),
    "NVIDIA H100 80GB HBM2e": (756, 51.2),
    "NVIDIA H100 NVL": (835.5, 60),
    "NVIDIA H200": (989.4, 66.9),
    "NVIDIA H200 NVL": (835.5, 60),
    "NVIDIA GH200 480GB": (989.4, 66.9),
    "NVIDIA GH200 144G HBM3e": (989.4, 66.9),
    "NVIDIA H800": (989.4, 66.9),
    "NVIDIA H800 PCIe": (756, 51.2),
    "NVIDIA H20": (148, 44),
    "NVIDIA B200": (2250, 75),
    "NVIDIA GB200": (2500, 80),
    "NVIDIA A100-SXM4-40GB": (312, 19.5),
    "NVIDIA A100-SXM4-80GB": (312, 19.5),
    "NVIDIA A100 80GB PCIe": (312, 19.5),
    "NVIDIA A100-PCIE-40GB": (312, 19.5),
    "A100-SXM4-40GB": (312, 19.5),
    "NVIDIA A10": (125, 31.2),
    "NVIDIA A10G": (70, 35),
    "NVIDIA A40": (149.7, 37.4),
    "NVIDIA L4": (121, 30.3),
    "NVIDIA L40": (181.05, 90.5),
    "NVIDIA L40S": (362.05, 91.6),
    "NVIDIA GeForce RTX 4090": (165.2, 82.6),
    "NVIDIA GeForce RTX 3090": (71, 35.6),
    "Tesla V100-SXM2-32GB": (None, 15.7),
    "Tesla V100-PCIE-16GB": (None, 14),
}

UNKNOWN = (
    "",
    "cpu",
    "NVIDIA",
    "NVIDIA H100",  # SXM or PCIe: not said
    "NVIDIA A100",
    "NVIDIA H100 80GB HBM3 MIG 1g.10gb",
    "NVIDIA A100-SXM4-40GB MIG 3g.20gb",
    "GRID A100-10C",
    "NVIDIA H2000",
    "NVIDIA A1000",
    "NVIDIA RTX A4000",
    "NVIDIA GeForce RTX 4090 Laptop GPU",
    "NVIDIA GeForce RTX 4090 D",
    "NVIDIA GeForce RTX 3090 Ti",
    "NVIDIA GeForce RTX 4080",
    "NVIDIA L400",
    "AMD Instinct MI300X",
    "Tesla T4",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_known_device_has_its_dense_peak(name):
    for precision, value in zip(("bf16", "fp32"), NAMES[name], strict=True):
        found = peak_flops(name, precision)
        assert found == (None if value is None else pytest.approx(value * 1e12))


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_device_or_a_part_of_one_has_none(name):
    assert peak_flops(name, "bf16") is None and peak_flops(name, "fp32") is None


def test_every_entry_is_reached_by_a_name_and_bf16_is_faster():
    reached = {peak_flops(name, "fp32") for name in NAMES}
    assert reached == {peak.fp32 * 1e12 for peak in PEAKS.values()}
    assert all(1.5 < peak.bf16 / peak.fp32 < 35 for peak in PEAKS.values() if peak.bf16)


def test_another_precision_is_refused():
    with pytest.raises(ValueError, match="'fp16'; bf16 or fp32"):
        peak_flops("NVIDIA H200", "fp16")
