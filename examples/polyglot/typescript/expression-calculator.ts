/** Expression calculator: tokens to a typed syntax tree to a number, with assignable variables. */

type Operator = "+" | "-" | "*" | "/" | "%" | "^";

type Expr =
  | { kind: "literal"; value: number }
  | { kind: "variable"; name: string }
  | { kind: "negate"; operand: Expr }
  | { kind: "binary"; operator: Operator; left: Expr; right: Expr };
type Scope = Map<string, number>;

export class ExpressionError extends Error {
  override name = "ExpressionError";
}

class Parser {
  private readonly lexemes: readonly string[];
  private index = 0;

  constructor(source: string) {
    this.lexemes = source.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|\S/g) ?? [];
  }

  parse(): Expr {
    const tree = this.sum();
    if (this.index === this.lexemes.length) return tree;
    throw new ExpressionError(`unexpected "${this.lexemes[this.index]}" after the expression`);
  }

  private sum(): Expr {
    return this.leftAssociative(["+", "-"], () => this.product());
  }

  private product(): Expr {
    return this.leftAssociative(["*", "/", "%"], () => this.unary());
  }

  private leftAssociative(operators: readonly Operator[], tighter: () => Expr): Expr {
    let left = tighter();
    for (;;) {
      const operator = operators.find((candidate) => this.skip(candidate));
      if (operator === undefined) return left;
      left = { kind: "binary", operator, left, right: tighter() };
    }
  }

  private unary(): Expr {
    if (this.skip("-")) return { kind: "negate", operand: this.unary() };
    const base = this.primary();
    return this.skip("^") ? { kind: "binary", operator: "^", left: base, right: this.unary() } : base;
  }

  private primary(): Expr {
    const lexeme = this.lexemes[this.index++];
    if (lexeme === undefined) throw new ExpressionError("unexpected end of expression");
    if (/^\d/.test(lexeme)) return { kind: "literal", value: Number.parseFloat(lexeme) };
    if (/^[A-Za-z_]/.test(lexeme)) return { kind: "variable", name: lexeme };
    if (lexeme !== "(") throw new ExpressionError(`"${lexeme}" is not an operand`);
    const inner = this.sum();
    if (this.skip(")")) return inner;
    throw new ExpressionError("missing closing parenthesis");
  }

  private skip(lexeme: string): boolean {
    if (this.lexemes[this.index] !== lexeme) return false;
    this.index += 1;
    return true;
  }
}

const arithmetic: Record<Operator, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "^": (a, b) => a ** b,
};

export function evaluate(tree: Expr, scope: Scope): number {
  switch (tree.kind) {
    case "literal":
      return tree.value;
    case "variable": {
      const bound = scope.get(tree.name);
      if (bound === undefined) throw new ExpressionError(`unknown variable ${tree.name}`);
      return bound;
    }
    case "negate":
      return -evaluate(tree.operand, scope);
    case "binary": {
      const result = arithmetic[tree.operator](evaluate(tree.left, scope), evaluate(tree.right, scope));
      if (!Number.isFinite(result)) throw new ExpressionError("division by zero or overflow");
      return result;
    }
  }
}

/** A statement is an expression, or `name = expression`. */
export function execute(statement: string, scope: Scope): number {
  const [, target, body = ""] = /^\s*(?:([A-Za-z_]\w*)\s*=)?(.*)$/s.exec(statement) ?? [];
  const value = evaluate(new Parser(body).parse(), scope);
  if (target) scope.set(target, value);
  return value;
}

const known: Scope = new Map([["pi", Math.PI]]);
for (const source of ["width = 3.5 * 4", "height = (width - 2) / 3", "-width + height * 10", "2 ^ 3 ^ 2"]) {
  console.log(source.padEnd(26), execute(source, known));
}
