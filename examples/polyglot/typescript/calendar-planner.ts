/** Gregorian month view, recurring meetings and overlap detection. */

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export type Recurrence =
  | { every: "week"; on: Weekday }
  | { every: "weeks"; count: number; from: number }
  | { every: "month"; nth: 1 | 2 | 3 | 4 | 5; on: Weekday }
  | { every: "never"; day: number };

export interface Meeting {
  title: string;
  start: `${number}:${number}`;
  duration: number;
  recurrence: Recurrence;
}

interface Occurrence {
  title: string;
  begins: number; // minutes since the start of the month
  finishes: number;
}

export class Month {
  constructor(readonly year: number, readonly month: number) {}

  get length(): number {
    const { year, month } = this;
    const leap = year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0);
    if (month === 2) return leap ? 29 : 28;
    return 30 + ((month + Math.trunc(month / 8)) % 2);
  }

  /** Gauss: the first of January, then the days of the year before this one. */
  weekday(day: number): Weekday {
    const previous = this.year - 1;
    const newYear = (1 + 5 * (previous % 4) + 4 * (previous % 100) + 6 * (previous % 400)) % 7;
    let elapsed = day - 1;
    for (let month = 1; month < this.month; month += 1) elapsed += new Month(this.year, month).length;
    return WEEKDAYS[(newYear + elapsed) % 7]!;
  }

  days(): number[] {
    return Array.from({ length: this.length }, (_, index) => index + 1);
  }

  hasMeeting(day: number, recurrence: Recurrence): boolean {
    switch (recurrence.every) {
      case "week":
        return this.weekday(day) === recurrence.on;
      case "weeks":
        return day >= recurrence.from && (day - recurrence.from) % (7 * recurrence.count) === 0;
      case "month":
        return this.weekday(day) === recurrence.on && Math.ceil(day / 7) === recurrence.nth;
      case "never":
        return day === recurrence.day;
    }
  }

  toString(): string {
    const lead = "   ".repeat(WEEKDAYS.indexOf(this.weekday(1)));
    const grid = lead + this.days().map((day) => String(day).padStart(2) + " ").join("");
    const weeks = grid.match(/.{1,21}/g) ?? [];
    const names = WEEKDAYS.map((name) => name.slice(0, 2)).join(" ");
    return [`${this.month}/${this.year}`, names, ...weeks].join("\n");
  }
}

export function schedule(month: Month, meetings: readonly Meeting[]): Occurrence[] {
  const occurrences = meetings.flatMap(({ title, start, duration, recurrence }) => {
    const [hour = 0, minute = 0] = start.split(":").map(Number);
    return month
      .days()
      .filter((day) => month.hasMeeting(day, recurrence))
      .map((day) => (day * 24 + hour) * 60 + minute)
      .map((begins) => ({ title, begins, finishes: begins + duration }));
  });
  return occurrences.sort((a, b) => a.begins - b.begins);
}

export function conflicts(sorted: readonly Occurrence[]): Array<[Occurrence, Occurrence]> {
  const result: Array<[Occurrence, Occurrence]> = [];
  let running: Occurrence[] = [];
  for (const next of sorted) {
    running = running.filter((earlier) => earlier.finishes > next.begins);
    for (const earlier of running) result.push([earlier, next]);
    running.push(next);
  }
  return result;
}

const february = new Month(2024, 2);
const meet = (title: string, start: Meeting["start"], duration: number, recurrence: Recurrence): Meeting => {
  return { title, start, duration, recurrence };
};
const planned = schedule(february, [
  meet("Standup", "09:30", 15, { every: "week", on: "Monday" }),
  meet("Sprint planning", "09:00", 60, { every: "weeks", count: 2, from: 5 }),
  meet("Budget review", "14:00", 90, { every: "month", nth: 2, on: "Tuesday" }),
  meet("Dentist", "15:15", 45, { every: "never", day: 13 }),
]);
console.log(`${february}`);
for (const [first, second] of conflicts(planned)) {
  console.log(`day ${Math.floor(first.begins / 1440)}: ${first.title} overlaps ${second.title}`);
}
