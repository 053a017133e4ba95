using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>
/// Keeps stock per SKU in cost layers and values every withdrawal first in, first out.
/// Subscribers of <see cref="LowStock"/> hear when an item falls below its reorder level.
/// </summary>
public sealed class InventoryLedger
{
    public sealed record StockAlert(string Sku, int OnHand, int ReorderLevel);

    public sealed class StockShortageException(string sku, int requested, int onHand)
        : InvalidOperationException($"{sku}: {requested} requested, {onHand} on hand")
    {
        public int Shortfall { get; } = requested - onHand;
    }

    private sealed class CostLayer(int units, decimal unitCost)
    {
        public int Units { get; set; } = units;
        public decimal UnitCost { get; } = unitCost;
    }

    private readonly Dictionary<string, Queue<CostLayer>> _stock = new();
    private readonly IReadOnlyDictionary<string, int> _reorderLevels;

    public InventoryLedger(IReadOnlyDictionary<string, int> reorderLevels) => _reorderLevels = reorderLevels;

    public event EventHandler<StockAlert>? LowStock;

    public decimal CostOfGoodsIssued { get; private set; }
    public decimal InventoryValue =>
        _stock.Values.SelectMany(layers => layers).Sum(layer => layer.Units * layer.UnitCost);

    public int OnHand(string sku) => _stock.TryGetValue(sku, out var layers) ? layers.Sum(l => l.Units) : 0;

    public void Receive(string sku, int units, decimal unitCost)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        if (!_stock.TryGetValue(sku, out var layers))
        {
            _stock[sku] = layers = new Queue<CostLayer>();
        }

        layers.Enqueue(new CostLayer(units, unitCost));
    }

    public decimal Issue(string sku, int units)
    {
        var available = OnHand(sku);
        if (units > available)
        {
            throw new StockShortageException(sku, units, available);
        }

        var cost = 0m;
        var layers = _stock[sku];
        while (units > 0)
        {
            var oldest = layers.Peek();
            var taken = Math.Min(units, oldest.Units);
            cost += taken * oldest.UnitCost;
            units -= taken;
            oldest.Units -= taken;
            if (oldest.Units == 0)
            {
                layers.Dequeue();
            }
        }

        CostOfGoodsIssued += cost;
        RaiseIfLow(sku);
        return cost;
    }

    private void RaiseIfLow(string sku)
    {
        if (_reorderLevels.TryGetValue(sku, out var level) && OnHand(sku) < level)
        {
            LowStock?.Invoke(this, new StockAlert(sku, OnHand(sku), level));
        }
    }

    public static void Main()
    {
        var ledger = new InventoryLedger(new Dictionary<string, int> { ["BOLT-M8"] = 50 });
        ledger.LowStock += (_, alert) => Console.WriteLine($"Low stock: {alert}");

        ledger.Receive("BOLT-M8", 100, 0.12m);
        ledger.Receive("GASKET-40", 30, 2.10m);
        ledger.Receive("BOLT-M8", 60, 0.15m);
        ledger.Receive("VALVE-3W", 8, 49.99m);
        Console.WriteLine($"Bolts cost {ledger.Issue("BOLT-M8", 120):F2}");
        Console.WriteLine($"Gaskets cost {ledger.Issue("GASKET-40", 5):F2}");
        try
        {
            ledger.Issue("VALVE-3W", 10);
        }
        catch (StockShortageException shortage)
        {
            Console.WriteLine($"{shortage.Message} (short by {shortage.Shortfall})");
        }

        Console.WriteLine($"Issued {ledger.CostOfGoodsIssued:F2}, on the shelf {ledger.InventoryValue:F2}");
    }
}
