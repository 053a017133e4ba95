import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An invoice: line items, a discount that grows with the subtotal, and VAT per category. */
public class TaxInvoice {

    /** VAT categories with their rate in percent. */
    public enum VatCategory {
        STANDARD("20"), REDUCED("5"), ZERO("0");

        private final BigDecimal percent;

        VatCategory(String percent) {
            this.percent = new BigDecimal(percent);
        }
    }

    public record LineItem(String description, int quantity, BigDecimal unitPrice, VatCategory category) {
        public LineItem {
            if (quantity < 1) {
                throw new IllegalArgumentException("Quantity of " + description + " must be at least 1");
            }
        }

        public static LineItem of(String description, int quantity, String price, VatCategory category) {
            return new LineItem(description, quantity, new BigDecimal(price), category);
        }

        BigDecimal amount() {
            return unitPrice.multiply(BigDecimal.valueOf(quantity));
        }
    }

    /** Discount percent by lowest subtotal; floorEntry picks the tier. */
    private static final TreeMap<BigDecimal, BigDecimal> TIERS = new TreeMap<>(Map.of(
            BigDecimal.ZERO, BigDecimal.ZERO,
            new BigDecimal("200"), new BigDecimal("2"),
            new BigDecimal("500"), new BigDecimal("5"),
            new BigDecimal("1000"), new BigDecimal("10")));

    private final List<LineItem> items;

    public TaxInvoice(List<LineItem> items) {
        this.items = List.copyOf(items);
    }

    static BigDecimal percentOf(BigDecimal amount, BigDecimal percent) {
        return amount.multiply(percent).divide(BigDecimal.valueOf(100), 2, RoundingMode.HALF_UP);
    }

    public BigDecimal subtotal() {
        return items.stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    public BigDecimal discountPercent() {
        return TIERS.floorEntry(subtotal()).getValue();
    }

    /** Discounted amounts added up by VAT category. */
    public Map<VatCategory, BigDecimal> netByCategory() {
        BigDecimal percent = discountPercent();
        Map<VatCategory, BigDecimal> net = new EnumMap<>(VatCategory.class);
        for (LineItem item : items) {
            BigDecimal discounted = item.amount().subtract(percentOf(item.amount(), percent));
            net.merge(item.category(), discounted, BigDecimal::add);
        }
        return net;
    }

    public BigDecimal total() {
        BigDecimal due = BigDecimal.ZERO;
        for (var entry : netByCategory().entrySet()) {
            due = due.add(entry.getValue()).add(percentOf(entry.getValue(), entry.getKey().percent));
        }
        return due;
    }

    public String print() {
        var out = new StringBuilder("Description          Qty      Price      Amount\n");
        items.forEach(i -> out.append("%-20s %3d %10s %11s%n"
                .formatted(i.description(), i.quantity(), i.unitPrice(), i.amount())));
        out.append("Subtotal %s, discount %s%%%n".formatted(subtotal(), discountPercent()));
        netByCategory().forEach((category, net) -> out.append("VAT %-9s %2s%% on %8s = %7s%n"
                .formatted(category, category.percent, net, percentOf(net, category.percent))));
        return out.append("Total due: ").append(total()).toString();
    }

    public static TaxInvoice sample() {
        return new TaxInvoice(List.of(
                LineItem.of("Oak desk", 2, "249.00", VatCategory.STANDARD),
                LineItem.of("Atlas of Rivers", 6, "18.50", VatCategory.ZERO),
                LineItem.of("Child car seat", 1, "139.99", VatCategory.REDUCED)));
    }

    public static void main(String[] args) {
        System.out.println(sample().print());
    }
}
