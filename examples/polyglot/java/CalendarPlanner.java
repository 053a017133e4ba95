import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Prints a month of the Gregorian calendar and plans recurring meetings in it.
 * Weekdays are numbered as in Sakamoto's method, from Sunday = 0 to Saturday = 6.
 */
public final class CalendarPlanner {

    private static final int[] MONTH_OFFSETS = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    private static final int MONDAY = 1, TUESDAY = 2;

    record Slot(int day, int from, int to, String title) implements Comparable<Slot> {
        boolean clashesWith(Slot other) {
            return day == other.day && from < other.to && other.from < to;
        }

        @Override
        public int compareTo(Slot other) {
            return Integer.compare(day * 1440 + from, other.day * 1440 + other.from);
        }

        @Override
        public String toString() {
            return "%s on the %d. from %02d:%02d to %02d:%02d"
                    .formatted(title, day, from / 60, from % 60, to / 60, to % 60);
        }
    }

    private final int year;
    private final int month;
    private final List<Slot> slots = new ArrayList<>();

    CalendarPlanner(int year, int month) {
        if (month < 1 || month > 12) {
            throw new IllegalArgumentException("No month " + month);
        }
        this.year = year;
        this.month = month;
    }

    static boolean isLeapYear(int year) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    }

    static int dayOfWeek(int year, int month, int day) {
        int y = month < 3 ? year - 1 : year;
        return (y + y / 4 - y / 100 + y / 400 + MONTH_OFFSETS[month - 1] + day) % 7;
    }

    int lengthOfMonth() {
        return switch (month) {
            case 2 -> isLeapYear(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Books the meeting on every day of the month the rule accepts. */
    CalendarPlanner book(String title, int hour, int minute, int duration, IntPredicate rule) {
        int from = hour * 60 + minute;
        IntStream.rangeClosed(1, lengthOfMonth())
                .filter(rule)
                .mapToObj(day -> new Slot(day, from, from + duration, title))
                .forEach(slots::add);
        return this;
    }

    IntPredicate every(int weekday) {
        return day -> dayOfWeek(year, month, day) == weekday;
    }

    IntPredicate nth(int ordinal, int weekday) {
        return every(weekday).and(day -> (day + 6) / 7 == ordinal);
    }

    List<Slot[]> clashes() {
        Collections.sort(slots);
        List<Slot[]> found = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            for (int j = i + 1; j < slots.size() && slots.get(i).clashesWith(slots.get(j)); j++) {
                found.add(new Slot[] {slots.get(i), slots.get(j)});
            }
        }
        return found;
    }

    void printMonth() {
        System.out.printf("%14d-%02d%nSun Mon Tue Wed Thu Fri Sat%n", year, month);
        System.out.print(" ".repeat(4 * dayOfWeek(year, month, 1)));
        for (int day = 1; day <= lengthOfMonth(); day++) {
            boolean lastOfWeek = dayOfWeek(year, month, day) == 6 || day == lengthOfMonth();
            System.out.printf("%3d%s", day, lastOfWeek ? "\n" : " ");
        }
    }

    public static void main(String[] args) {
        var february = new CalendarPlanner(2024, 2);
        february.book("Standup", 9, 30, 15, february.every(MONDAY))
                .book("Sprint planning", 9, 0, 60, february.every(MONDAY).and(day -> (day - 5) % 14 == 0))
                .book("Budget review", 14, 0, 90, february.nth(2, TUESDAY))
                .book("Dentist", 15, 15, 45, day -> day == 13);
        february.printMonth();
        february.clashes().forEach(pair -> System.out.println("Overlap: " + Arrays.toString(pair)));
    }
}
