import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BigIntegerTest {

    @Test
    void additionCarriesIntoANewDigit() {
        BigInteger sum = BigInteger.parse("99999999999999999999").add(BigInteger.ONE);
        assertEquals("100000000000000000000", sum.toString());
    }

    @Test
    void multipliesLongNumbers() {
        BigInteger left = BigInteger.parse("123456789123456789");
        BigInteger right = BigInteger.parse("987654321987654321");
        assertEquals("121932631356500531347203169112635269", left.multiply(right).toString());
        assertEquals(left.multiply(right), right.multiply(left));
    }

    @Test
    void ignoresLeadingZeros() {
        assertEquals(BigInteger.valueOf(42), BigInteger.parse("00042"));
        assertEquals("0", BigInteger.parse("0000").toString());
    }

    @Test
    void factorials() {
        assertEquals(BigInteger.ONE, BigInteger.factorial(0));
        assertEquals("265252859812191058636308480000000", BigInteger.factorial(30).toString());
    }

    @Test
    void ordersByMagnitude() {
        assertTrue(BigInteger.parse("1000").compareTo(BigInteger.parse("999")) > 0);
    }

    @Test
    void rejectsSigns() {
        assertThrows(NumberFormatException.class, () -> BigInteger.parse("-7"));
    }
}
