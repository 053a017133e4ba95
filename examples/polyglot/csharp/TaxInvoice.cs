using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>Invoice with a discount by subtotal tier and VAT by category.</summary>
public sealed class TaxInvoice(string number, IReadOnlyList<TaxInvoice.LineItem> items)
{
    public enum VatCategory
    {
        Standard,
        Reduced,
        Zero,
    }

    public readonly record struct LineItem(
        string Description, int Quantity, decimal UnitPrice, VatCategory Category)
    {
        public decimal Amount => Quantity * UnitPrice;
    }

    public sealed record VatLine(VatCategory Category, decimal Net)
    {
        public decimal Tax => RoundCents(Net * RateOf(Category));
    }

    public decimal Subtotal => items.Sum(item => item.Amount);

    public decimal DiscountRate => Subtotal switch
    {
        >= 1000m => 0.10m,
        >= 500m => 0.05m,
        >= 200m => 0.02m,
        _ => 0m,
    };

    public decimal Discount => items.Sum(DiscountOn);

    public decimal Total => Subtotal - Discount + VatLines().Sum(line => line.Tax);

    public IEnumerable<VatLine> VatLines() =>
        from item in items
        group item.Amount - DiscountOn(item) by item.Category into nets
        orderby nets.Key
        select new VatLine(nets.Key, nets.Sum());

    public static decimal RateOf(VatCategory category) => category switch
    {
        VatCategory.Standard => 0.20m,
        VatCategory.Reduced => 0.05m,
        VatCategory.Zero => 0m,
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "No VAT rate"),
    };

    public static decimal RoundCents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder().AppendLine(culture, $"Invoice {number}");
        foreach (var (description, quantity, unitPrice, _) in items)
        {
            var amount = quantity * unitPrice;
            text.AppendLine(culture, $"  {quantity,3} {description,-20} {unitPrice,10:N2} {amount,10:N2}");
        }

        text.AppendLine(culture, $"  {"Subtotal",-35} {Subtotal,10:N2}");
        text.AppendLine(culture, $"  {"Discount",-35} {-Discount,10:N2}");
        foreach (var line in VatLines())
        {
            text.AppendLine(culture, $"  {"VAT " + line.Category,-35} {line.Tax,10:N2}");
        }

        return text.Append(culture, $"  {"Total due",-35} {Total,10:N2}").ToString();
    }

    private decimal DiscountOn(LineItem item) => RoundCents(item.Amount * DiscountRate);

    public static TaxInvoice Sample() => new("2024-0117", new LineItem[]
    {
        new("Oak desk", 2, 249.00m, VatCategory.Standard),
        new("Atlas of Rivers", 6, 18.50m, VatCategory.Zero),
        new("Child car seat", 1, 139.99m, VatCategory.Reduced),
    });

    public static void Main() => Console.WriteLine(Sample());
}
