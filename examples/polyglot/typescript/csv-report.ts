/**
 * CSV report: reads sales from CSV text and sums units and revenue for every region.
 */

interface Sale {
  readonly region: string;
  readonly product: string;
  readonly units: number;
  readonly price: number;
}

interface Summary {
  units: number;
  revenue: number;
}

export class CsvError extends Error {
  constructor(message: string, readonly line: number) {
    super(`line ${line}: ${message}`);
  }
}

/** Pulls one field at a time off the text, counting lines for error messages. */
class FieldScanner {
  private offset = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  *rows(): Generator<string[]> {
    while (this.offset < this.text.length) {
      const fields = [this.field()];
      while (this.text[this.offset] === ",") {
        this.offset++;
        fields.push(this.field());
      }
      if (this.offset < this.text.length && this.text[this.offset] !== "\n") {
        throw new CsvError("text after a closing quote", this.line);
      }
      this.offset++;
      this.line++;
      yield fields;
    }
  }

  private field(): string {
    return this.text[this.offset] === '"' ? this.quotedField() : this.plainField();
  }

  private plainField(): string {
    const start = this.offset;
    while (this.offset < this.text.length && !",\n".includes(this.text.charAt(this.offset))) this.offset++;
    return this.text.slice(start, this.offset);
  }

  private quotedField(): string {
    let value = "";
    do {
      const close = this.text.indexOf('"', this.offset + 1);
      if (close < 0) throw new CsvError("unterminated quote", this.line);
      const piece = this.text.slice(this.offset + 1, close);
      this.line += piece.split("\n").length - 1;
      value += (value && '"') + piece;
      this.offset = close + 1;
    } while (this.text[this.offset] === '"');
    return value;
  }
}

export function parseSales(text: string): Sale[] {
  const [header = [], ...rows] = new FieldScanner(text).rows();
  const column = (row: string[], name: keyof Sale): string => row[header.indexOf(name)] ?? "";
  return rows.map((row) => ({
    region: column(row, "region"),
    product: column(row, "product"),
    units: Number(column(row, "units")),
    price: Number(column(row, "price")),
  }));
}

export function summarize(sales: readonly Sale[]): Map<string, Summary> {
  return sales.reduce((groups, { region, units, price }) => {
    const summary = groups.get(region) ?? { units: 0, revenue: 0 };
    return groups.set(region, { units: summary.units + units, revenue: summary.revenue + units * price });
  }, new Map<string, Summary>());
}

const sample = [
  "region,product,units,price",
  'North,"Bolts, M6",120,0.35',
  'South,"Hinge ""Heavy""",14,6.20',
  "North,Washers,300,0.05",
  'West,"Multi\nline bracket",8,11.75',
  "South,Washers,50,0.05",
].join("\n");

for (const [region, { units, revenue }] of summarize(parseSales(sample))) {
  console.log(`${region.padEnd(6)} ${String(units).padStart(5)} ${revenue.toFixed(2).padStart(9)}`);
}
