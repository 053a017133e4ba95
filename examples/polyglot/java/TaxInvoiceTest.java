import java.math.BigDecimal;
import java.util.List;

/** Plain checks for TaxInvoice; exits with an exception when one fails. */
public class TaxInvoiceTest {

    private static void expect(String what, Object actual, Object expected) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + ": expected " + expected + " but was " + actual);
        }
        System.out.println("ok   " + what);
    }

    private static void roundsHalfUp() {
        expect("5% of 132.99", TaxInvoice.percentOf(new BigDecimal("132.99"), new BigDecimal("5")),
                new BigDecimal("6.65"));
    }

    private static void sampleInvoiceAddsUp() {
        TaxInvoice invoice = TaxInvoice.sample();
        expect("subtotal", invoice.subtotal(), new BigDecimal("748.99"));
        expect("tier", invoice.discountPercent(), new BigDecimal("5"));
        expect("total", invoice.total(), new BigDecimal("812.81"));
    }

    private static void emptyInvoiceIsFree() {
        expect("nothing to pay", new TaxInvoice(List.of()).total(), BigDecimal.ZERO);
    }

    private static void rejectsZeroQuantity() {
        try {
            TaxInvoice.LineItem.of("Ghost chair", 0, "10.00", TaxInvoice.VatCategory.STANDARD);
        } catch (IllegalArgumentException e) {
            System.out.println("ok   zero quantity rejected");
            return;
        }
        throw new AssertionError("zero quantity was accepted");
    }

    public static void main(String[] args) {
        roundsHalfUp();
        sampleInvoiceAddsUp();
        emptyInvoiceIsFree();
        rejectsZeroQuantity();
    }
}
