import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Checksum;

/** Table-driven CRC-32 and Adler-32 as implementations of {@link Checksum}. */
public final class CrcChecksum {

    /** CRC-32 with the reflected IEEE 802.3 polynomial. */
    public static final class Crc32 implements Checksum {
        private static final int POLYNOMIAL = 0xEDB88320;
        private static final int[] TABLE = buildTable();

        private int register = -1;

        private static int[] buildTable() {
            int[] table = new int[256];
            for (int n = 0; n < table.length; n++) {
                int remainder = n;
                for (int bit = 0; bit < 8; bit++) {
                    boolean carry = (remainder & 1) != 0;
                    remainder >>>= 1;
                    if (carry) {
                        remainder ^= POLYNOMIAL;
                    }
                }
                table[n] = remainder;
            }
            return table;
        }

        @Override
        public void update(int octet) {
            register = TABLE[(register ^ octet) & 0xFF] ^ (register >>> 8);
        }

        @Override
        public void update(byte[] buffer, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                update(buffer[i]);
            }
        }

        @Override
        public long getValue() {
            return Integer.toUnsignedLong(~register);
        }

        @Override
        public void reset() {
            register = -1;
        }
    }

    /** Adler-32: two running sums modulo the prime 65521. */
    public static final class Adler32 implements Checksum {
        private static final int BASE = 65521;

        private int a = 1;
        private int b = 0;

        @Override
        public void update(int octet) {
            a = (a + (octet & 0xFF)) % BASE;
            b = (b + a) % BASE;
        }

        @Override
        public void update(byte[] buffer, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                update(buffer[i]);
            }
        }

        @Override
        public long getValue() {
            return ((long) b << 16) | a;
        }

        @Override
        public void reset() {
            a = 1;
            b = 0;
        }
    }

    private CrcChecksum() { }

    public static void main(String[] args) {
        List<Checksum> checksums = List.of(new Crc32(), new Adler32());
        List<String> texts = List.of(
                "", "123456789", "Wikipedia", "The quick brown fox jumps over the lazy dog");
        for (String text : texts) {
            System.out.println("\"" + text + "\"");
            for (Checksum checksum : checksums) {
                checksum.reset();
                checksum.update(text.getBytes(StandardCharsets.US_ASCII));
                System.out.printf("  %-8s %08X%n", checksum.getClass().getSimpleName(), checksum.getValue());
            }
        }
    }
}
