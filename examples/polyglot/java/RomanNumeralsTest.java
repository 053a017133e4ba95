import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RomanNumeralsTest {

    @Test
    void formatsYears() {
        assertEquals("XLIV", RomanNumerals.format(44));
        assertEquals("MCMXCIV", RomanNumerals.format(1994));
        assertEquals("MMXXIV", RomanNumerals.format(2024));
        assertEquals("MMMCMXCIX", RomanNumerals.format(3999));
    }

    @Test
    void everyNumberSurvivesTheRoundTrip() {
        for (int n = RomanNumerals.MIN; n <= RomanNumerals.MAX; n++) {
            assertEquals(n, RomanNumerals.parse(RomanNumerals.format(n)));
        }
    }

    @Test
    void rejectsMalformedNumerals() {
        for (String numeral : List.of("", "IIX", "VV", "MMMM", "IC", "ABC")) {
            assertThrows(NumberFormatException.class, () -> RomanNumerals.parse(numeral), numeral);
        }
    }

    @Test
    void rejectsNumbersOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> RomanNumerals.format(0));
        assertThrows(IllegalArgumentException.class, () -> RomanNumerals.format(4000));
    }

    @Test
    void clockFaceHasTheTraditionalFour() {
        List<String> hours = List.of(RomanNumerals.clockFace(6).strip().split("\\s+"));
        assertEquals(12, hours.size());
        assertTrue(hours.contains("IIII"));
        assertFalse(hours.contains("IV"));
    }
}
