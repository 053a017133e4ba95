"""Tests for the tax invoice."""

from decimal import Decimal

from tax_invoice import SAMPLE, Invoice, LineItem, discount_rate, to_cents


def test_half_a_cent_rounds_up():
    assert to_cents(Decimal("0.125")) == Decimal("0.13")
    assert to_cents(Decimal("0.1249")) == Decimal("0.12")


def test_discount_tiers_include_their_lower_bound():
    assert discount_rate(Decimal("199.99")) == 0
    assert discount_rate(Decimal("200")) == Decimal("0.02")
    assert discount_rate(Decimal("1000")) == Decimal("0.10")


def test_sample_totals():
    assert SAMPLE.subtotal == Decimal("748.99")
    assert SAMPLE.net_total == Decimal("711.54")
    assert SAMPLE.vat() == {
        "standard": Decimal("94.62"),
        "reduced": Decimal("6.65"),
        "zero": Decimal("0.00"),
    }
    assert SAMPLE.total == Decimal("812.81")


def test_unknown_category_is_refused():
    try:
        LineItem("Mystery box", 1, Decimal("5"), "luxury")
    except ValueError as error:
        assert "luxury" in str(error)
    else:
        raise AssertionError("expected a ValueError")


def test_small_invoice_has_no_discount_line():
    invoice = Invoice("1", "Ann", [LineItem("Lamp", 1, Decimal("30.00"))])
    assert "Discount" not in str(invoice)
    assert invoice.total == Decimal("36.00")
