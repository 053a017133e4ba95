using System;
using System.Linq;
using Xunit;

namespace Polyglot;

public class TaxInvoiceTests
{
    [Theory]
    [InlineData(0.125, 0.13)]
    [InlineData(0.124, 0.12)]
    public void RoundsHalfACentAwayFromZero(double amount, double expected) =>
        Assert.Equal((decimal)expected, TaxInvoice.RoundCents((decimal)amount));

    [Fact]
    public void SampleInvoiceGetsTheFivePercentTier()
    {
        var invoice = TaxInvoice.Sample();

        Assert.Equal(748.99m, invoice.Subtotal);
        Assert.Equal(0.05m, invoice.DiscountRate);
        Assert.Equal(37.45m, invoice.Discount);
        Assert.Equal(812.81m, invoice.Total);
    }

    [Fact]
    public void VatIsRoundedOncePerCategory()
    {
        var taxes = TaxInvoice.Sample().VatLines().Select(line => line.Tax);

        Assert.Equal(new[] { 94.62m, 6.65m, 0m }, taxes);
    }

    [Fact]
    public void EmptyInvoiceIsFree() =>
        Assert.Equal(0m, new TaxInvoice("void", Array.Empty<TaxInvoice.LineItem>()).Total);
}
