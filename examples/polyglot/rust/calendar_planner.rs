//! Calendar planner: a month page, recurring meetings and their overlaps.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Weekday { Mon, Tue, Wed, Thu, Fri, Sat, Sun }

const WEEK: [Weekday; 7] = {
    use Weekday::*;
    [Mon, Tue, Wed, Thu, Fri, Sat, Sun]
};

#[derive(Clone, Copy)]
pub struct Month {
    year: u32,
    number: u32,
}

impl Month {
    fn len(self) -> u32 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.number {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Zeller's congruence; its Saturday-based result is turned to start on Monday.
    fn weekday(self, day: u32) -> Weekday {
        let shift = u32::from(self.number < 3);
        let (y, m) = (self.year - shift, self.number + 12 * shift);
        let (century, k) = (y / 100, y % 100);
        let h = day + 13 * (m + 1) / 5 + k + k / 4 + century / 4 + 5 * century;
        WEEK[((h + 5) % 7) as usize]
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:^27}", format!("{}/{}", self.number, self.year))?;
        writeln!(f, "{}", WEEK.map(|day| format!("{day:?}")).join(" "))?;
        write!(f, "{:1$}", "", 4 * self.weekday(1) as usize)?;
        for day in 1..=self.len() {
            let end = if self.weekday(day) == Weekday::Sun { '\n' } else { ' ' };
            write!(f, "{day:>3}{end}")?;
        }
        Ok(())
    }
}

pub enum Recurrence {
    Weekly { first: u32, interval: u32 },
    Nth(u32, Weekday),
    Once(u32),
}

impl Recurrence {
    fn hits(&self, month: Month, day: u32) -> bool {
        match *self {
            Self::Weekly { first, interval } => day >= first && (day - first) % (7 * interval) == 0,
            Self::Nth(nth, weekday) => month.weekday(day) == weekday && day.div_ceil(7) == nth,
            Self::Once(only) => day == only,
        }
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot<'m> {
    day: u32,
    start: u32,
    end: u32,
    title: &'m str,
}

type Meeting<'m> = (&'m str, (u32, u32), u32, Recurrence);

pub fn expand<'m>(month: Month, meetings: &[Meeting<'m>]) -> Vec<Slot<'m>> {
    let mut slots = Vec::new();
    for (title, (hour, minute), length, recurrence) in meetings {
        let start = hour * 60 + minute;
        let days = (1..=month.len()).filter(|&day| recurrence.hits(month, day));
        slots.extend(days.map(|day| Slot { day, start, end: start + length, title }));
    }
    slots.sort();
    slots
}

fn main() {
    let february = Month { year: 2024, number: 2 };
    let meetings = [
        ("Standup", (9, 30), 15, Recurrence::Weekly { first: 5, interval: 1 }),
        ("Sprint planning", (9, 0), 60, Recurrence::Weekly { first: 5, interval: 2 }),
        ("Budget review", (14, 0), 90, Recurrence::Nth(2, Weekday::Tue)),
        ("Dentist", (15, 15), 45, Recurrence::Once(13)),
    ];
    let slots = expand(february, &meetings);
    println!("{february}");
    for (index, a) in slots.iter().enumerate() {
        for b in slots[index + 1..].iter().take_while(|b| b.day == a.day && b.start < a.end) {
            println!("{:>2} February: {} overlaps {}", a.day, a.title, b.title);
        }
    }
}
