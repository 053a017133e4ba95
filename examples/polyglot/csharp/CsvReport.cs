using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>Totals of a CSV sales file, grouped by region.</summary>
public static class CsvReport
{
    private const string Sales = """"
        region,product,units,price
        North,"Bolts, M6",120,0.35
        South,"Hinge ""Heavy""",14,6.20
        North,Washers,300,0.05
        West,"Multi
        line bracket",8,11.75
        South,Washers,50,0.05
        """";

    public readonly record struct Sale(string Region, string Product, int Units, decimal Price)
    {
        public decimal Revenue => Units * Price;
    }

    public static void Main()
    {
        var sales = ReadSales(new StringReader(Sales)).ToList();
        var regions =
            from sale in sales
            group sale by sale.Region into region
            orderby region.Key
            select (Name: region.Key, Units: region.Sum(s => s.Units), Revenue: region.Sum(s => s.Revenue));

        foreach (var (name, units, revenue) in regions)
            Console.WriteLine($"{name,-8}{units,6}{revenue,10:F2}");
        Console.WriteLine($"{"Total",-8}{sales.Sum(s => s.Units),6}{sales.Sum(s => s.Revenue),10:F2}");
    }

    public static IEnumerable<Sale> ReadSales(TextReader reader) =>
        from fields in ReadRecords(reader).Skip(1)
        select fields is [var region, var product, var units, var price]
            ? new Sale(region, product, int.Parse(units), decimal.Parse(price, CultureInfo.InvariantCulture))
            : throw new FormatException($"expected 4 fields, found {fields.Count}");

    /// <summary>Streams the records; quoted fields may hold commas, line breaks and doubled quotes.</summary>
    public static IEnumerable<IReadOnlyList<string>> ReadRecords(TextReader reader)
    {
        while (reader.Peek() >= 0)
        {
            var fields = new List<string>();
            int terminator;
            do
            {
                fields.Add(ReadField(reader, out terminator));
            } while (terminator == ',');
            yield return fields;
        }
    }

    private static string ReadField(TextReader reader, out int terminator)
    {
        var field = new StringBuilder();
        var quoted = false;
        while ((terminator = reader.Read()) >= 0)
        {
            var c = (char)terminator;
            if (c == '"' && quoted && reader.Peek() == '"')
                field.Append((char)reader.Read());
            else if (c == '"')
                quoted = !quoted;
            else if (!quoted && c is ',' or '\n')
                break;
            else if (quoted || c != '\r')
                field.Append(c);
        }
        if (quoted && terminator < 0) throw new FormatException("the last quoted field is not closed");
        return field.ToString();
    }
}
