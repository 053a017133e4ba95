/**
 * Expression calculator.
 *
 *   const calc = createCalculator();
 *   calc("width = 3.5 * 4");   // 14
 *   calc("width / 2");         // 7
 */

const BINARY = {
  "+": { precedence: 1, apply: (a, b) => a + b },
  "-": { precedence: 1, apply: (a, b) => a - b },
  "*": { precedence: 2, apply: (a, b) => a * b },
  "/": { precedence: 2, apply: (a, b) => a / nonZero(b) },
  "%": { precedence: 2, apply: (a, b) => a % nonZero(b) },
  "^": { precedence: 4, rightAssociative: true, apply: Math.pow },
};
const UNARY_PRECEDENCE = 3;

function nonZero(divisor) {
  if (divisor === 0) throw new RangeError("division by zero");
  return divisor;
}

function* tokenize(source) {
  const lexeme = /\s*(?:(\d+\.?\d*|\.\d+)|([a-z_]\w*)|([-+*/%^()=]))/giy;
  const end = source.trimEnd().length;
  while (lexeme.lastIndex < end) {
    const start = lexeme.lastIndex;
    const match = lexeme.exec(source);
    if (!match) throw new SyntaxError(`cannot read "${source.slice(start).trim()}" at ${start}`);
    const [, number, name, symbol] = match;
    if (number !== undefined) yield { type: "number", value: Number(number) };
    else if (name !== undefined) yield { type: "name", value: name };
    else yield { type: symbol, value: symbol };
  }
  yield { type: "end", value: "end of input" };
}

export function createCalculator(variables = new Map()) {
  let tokens = [];

  const peek = () => tokens[0];
  const take = (type) => {
    if (type && peek().type !== type) {
      throw new SyntaxError(`expected ${type} but found ${peek().value}`);
    }
    return tokens.shift();
  };

  function operand() {
    const token = take();
    switch (token.type) {
      case "number":
        return token.value;
      case "name":
        if (!variables.has(token.value)) throw new ReferenceError(`unknown variable ${token.value}`);
        return variables.get(token.value);
      case "-":
        return -expression(UNARY_PRECEDENCE);
      case "(": {
        const value = expression();
        take(")");
        return value;
      }
      default:
        throw new SyntaxError(`expected an operand but found ${token.value}`);
    }
  }

  // Precedence climbing: recursive descent with one function for every level.
  function expression(minimum = 1) {
    let left = operand();
    for (let op; (op = BINARY[peek().type]) && op.precedence >= minimum; ) {
      take();
      const right = expression(op.rightAssociative ? UNARY_PRECEDENCE : op.precedence + 1);
      left = op.apply(left, right);
    }
    return left;
  }

  return function calculate(statement) {
    tokens = [...tokenize(statement)];
    const assigns = tokens[0].type === "name" && tokens[1].type === "=";
    const target = assigns ? tokens.splice(0, 2)[0].value : "last";
    const value = expression();
    take("end");
    variables.set(target, value);
    return value;
  };
}

const calculate = createCalculator();
for (const statement of [
  "width = 3.5 * 4",
  "height = (width - 2) / 3",
  "-width + height * 10",
  "2 ^ 3 ^ 2",
  "7 / (height - 4)",
  "3 + * 4",
]) {
  try {
    console.log(`${statement} => ${calculate(statement)}`);
  } catch (error) {
    console.log(`${statement} => ${error.name}: ${error.message}`);
  }
}
