/**
 * Grouped totals from a CSV file of sales.
 * Usage: node csv-report.js [file.csv]   (without a file, a built-in sample is reported)
 */
import { readFileSync } from "node:fs";

const SAMPLE = `region,product,units,price
North,"Bolts, M6",120,0.35
South,"Hinge ""Heavy""",14,6.20
North,Washers,300,0.05
West,"Multi
line bracket",8,11.75
South,Washers,50,0.05
`;

/** One field and what ends it: a comma, a line break, or the end of the text. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

export function* parseCsv(text) {
  let row = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const start = FIELD.lastIndex;
    const match = FIELD.exec(text);
    if (!match) throw new Error(`malformed field near ${JSON.stringify(text.slice(start, start + 12))}`);
    const [, quoted, plain, separator] = match;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (separator !== ",") {
      yield row;
      row = [];
    }
  }
  if (row.length > 0) yield [...row, ""];
}

export function toRecords([header, ...rows]) {
  return rows.map((row, index) => {
    if (row.length !== header.length) {
      throw new Error(`row ${index + 2}: ${row.length} fields instead of ${header.length}`);
    }
    return Object.fromEntries(header.map((name, column) => [name, row[column]]));
  });
}

// Prices are added up in whole cents, so that no rounding errors accumulate.
const cents = (price) => Math.round(Number(price) * 100);

export function totalsBy(key, records) {
  const totals = new Map();
  for (const record of records) {
    const group = totals.get(record[key]) ?? { units: 0, revenue: 0 };
    const units = Number.parseInt(record.units, 10);
    group.units += units;
    group.revenue += units * cents(record.price);
    totals.set(record[key], group);
  }
  return totals;
}

const text = process.argv[2] ? readFileSync(process.argv[2], "utf8") : SAMPLE;
const totals = totalsBy("region", toRecords([...parseCsv(text)]));

const rows = [...totals]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([region, { units, revenue }]) => ({ region, units, revenue: (revenue / 100).toFixed(2) }));
console.table(rows);

const grand = [...totals.values()].reduce((sum, { revenue }) => sum + revenue, 0);
console.log("grand total", (grand / 100).toFixed(2)); // 240.30 for the sample
