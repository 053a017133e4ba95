/**
 * Calendar planner: prints a month and finds clashes among recurring meetings.
 * Days are counted from 1 March of year 0, which makes leap days fall at the end of a year.
 */

const DAY_NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export function dayNumber({ year, month, day }) {
  const shifted = (month + 9) % 12;
  const y = month < 3 ? year - 1 : year;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leapDays + Math.floor((shifted * 306 + 5) / 10) + day - 1;
}

// Day 0 was a Wednesday.
export const weekdayOf = (date) => DAY_NAMES[(dayNumber(date) + 2) % 7];

export function daysIn(year, month) {
  const first = (y, m) => dayNumber({ year: y, month: m, day: 1 });
  return (month === 12 ? first(year + 1, 1) : first(year, month + 1)) - first(year, month);
}

// A recurrence is a predicate on dates.
const weekly = (name) => (date) => weekdayOf(date) === name;

const everyWeeks = (weeks, first) => (date) => {
  const elapsed = dayNumber(date) - dayNumber(first);
  return elapsed >= 0 && elapsed % (7 * weeks) === 0;
};

const nthOfMonth = (nth, name) => (date) => weekdayOf(date) === name && Math.ceil(date.day / 7) === nth;

const on = (wanted) => (date) => dayNumber(date) === dayNumber(wanted);

const minutes = (clock) => {
  const [hour, minute] = clock.split(':').map(Number);
  return hour * 60 + minute;
};

const firstSprint = { year: 2024, month: 2, day: 5 };

const meetings = [
  { title: 'Standup', at: '09:30', lasts: 15, recurs: weekly('Mon') },
  { title: 'Sprint planning', at: '09:00', lasts: 60, recurs: everyWeeks(2, firstSprint) },
  { title: 'Budget review', at: '14:00', lasts: 90, recurs: nthOfMonth(2, 'Tue') },
  { title: 'Dentist', at: '15:15', lasts: 45, recurs: on({ year: 2024, month: 2, day: 13 }) },
];

function* datesOf(year, month) {
  for (let day = 1; day <= daysIn(year, month); day += 1) yield { year, month, day };
}

export function agendaFor(year, month) {
  return [...datesOf(year, month)].flatMap((date) =>
    meetings
      .filter(({ recurs }) => recurs(date))
      .map(({ title, at, lasts }) => ({ title, day: date.day, start: minutes(at), end: minutes(at) + lasts }))
      .sort((a, b) => a.start - b.start),
  );
}

/** The agenda is sorted, so only entries before the end of the earlier one matter. */
export function* overlaps(agenda) {
  for (const [index, first] of agenda.entries()) {
    for (const second of agenda.slice(index + 1)) {
      if (second.day !== first.day || second.start >= first.end) break;
      yield [first, second];
    }
  }
}

export function renderMonth(year, month, marked = new Set()) {
  const blanks = DAY_NAMES.indexOf(weekdayOf({ year, month, day: 1 }));
  const cells = Array(blanks).fill('    ');
  for (const { day } of datesOf(year, month)) {
    cells.push(`${String(day).padStart(3)}${marked.has(day) ? '!' : ' '}`);
  }
  const rows = [DAY_NAMES.map((name) => name.padStart(3)).join(' ')];
  while (cells.length > 0) rows.push(cells.splice(0, 7).join('').trimEnd());
  return [`        ${year} / ${month}`, ...rows].join('\n');
}

const agenda = agendaFor(2024, 2);
const conflicts = [...overlaps(agenda)];
console.log(renderMonth(2024, 2, new Set(conflicts.map(([{ day }]) => day))));
for (const [first, second] of conflicts) {
  console.log(`2024-02-${String(first.day).padStart(2, '0')}: ${first.title} runs into ${second.title}`);
}
