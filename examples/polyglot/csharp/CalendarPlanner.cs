using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>A planner for one month: prints it, expands recurring meetings, finds overlaps.</summary>
public sealed class CalendarPlanner(int year, int month)
{
    public enum Weekday
    {
        Sun, Mon, Tue, Wed, Thu, Fri, Sat,
    }

    public abstract record Recurrence
    {
        public sealed record Weekly(Weekday On) : Recurrence;

        public sealed record EveryDays(int Step, int FirstDay) : Recurrence;

        public sealed record NthWeekday(int Nth, Weekday On) : Recurrence;

        public sealed record Once(int Day) : Recurrence;
    }

    public sealed record Meeting(string Title, TimeOnly Start, TimeSpan Length, Recurrence Recurrence);

    public sealed record Booking(string Title, int Day, TimeSpan From, TimeSpan To)
    {
        public bool Overlaps(Booking other) => Day == other.Day && From < other.To && other.From < To;

        public override string ToString() => $"{Title} ({From:hh\\:mm}-{To:hh\\:mm})";
    }

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    public int Length => month switch
    {
        2 when IsLeap(year) => 29,
        2 => 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Tomohiko Sakamoto's weekday formula.</summary>
    public Weekday WeekdayOf(int day)
    {
        ReadOnlySpan<int> offsets = stackalloc[] { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
        var y = month < 3 ? year - 1 : year;
        return (Weekday)((y + y / 4 - y / 100 + y / 400 + offsets[month - 1] + day) % 7);
    }

    public bool Falls(Recurrence recurrence, int day) => recurrence switch
    {
        Recurrence.Weekly weekly => WeekdayOf(day) == weekly.On,
        Recurrence.EveryDays(var step, var first) => day >= first && (day - first) % step == 0,
        Recurrence.NthWeekday(var nth, var on) => WeekdayOf(day) == on && (day - 1) / 7 == nth - 1,
        Recurrence.Once once => once.Day == day,
        _ => throw new NotSupportedException($"Unknown recurrence {recurrence}"),
    };

    public IEnumerable<Booking> Expand(IEnumerable<Meeting> meetings) =>
        from meeting in meetings
        from day in Enumerable.Range(1, Length)
        where Falls(meeting.Recurrence, day)
        let start = meeting.Start.ToTimeSpan()
        orderby day, start
        select new Booking(meeting.Title, day, start, start + meeting.Length);

    public static IEnumerable<(Booking First, Booking Second)> Conflicts(IReadOnlyList<Booking> bookings) =>
        bookings.SelectMany((first, index) => bookings
            .Skip(index + 1)
            .Where(first.Overlaps)
            .Select(second => (first, second)));

    public override string ToString()
    {
        var page = new StringBuilder($"{month:00}.{year}\n");
        page.AppendLine(string.Join(' ', Enum.GetNames<Weekday>()));
        page.Append(' ', 4 * (int)WeekdayOf(1));
        for (var day = 1; day <= Length; day++)
        {
            page.Append($"{day,3}").Append(WeekdayOf(day) == Weekday.Sat ? '\n' : ' ');
        }

        return page.ToString().TrimEnd();
    }

    public static void Main()
    {
        var planner = new CalendarPlanner(2024, 2);
        var secondTuesday = new Recurrence.NthWeekday(2, Weekday.Tue);
        var bookings = planner.Expand(new Meeting[]
        {
            new("Standup", new(9, 30), TimeSpan.FromMinutes(15), new Recurrence.Weekly(Weekday.Mon)),
            new("Sprint planning", new(9, 0), TimeSpan.FromHours(1), new Recurrence.EveryDays(14, 5)),
            new("Budget review", new(14, 0), TimeSpan.FromHours(1.5), secondTuesday),
            new("Dentist", new(15, 15), TimeSpan.FromMinutes(45), new Recurrence.Once(13)),
        }).ToList();

        Console.WriteLine(planner);
        foreach (var (first, second) in Conflicts(bookings))
        {
            Console.WriteLine($"February {first.Day}: {first} overlaps {second}");
        }
    }
}
