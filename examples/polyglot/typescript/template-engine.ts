/** Template engine with {{placeholders}}, HTML escaping and nestable {{#each}} blocks. */

export type Value = string | number | boolean | Value[] | { readonly [name: string]: Value };
export type Context = Readonly<Record<string, Value>>;

type Node =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "placeholder"; readonly path: readonly string[] }
  | { readonly type: "each"; readonly path: readonly string[]; readonly body: readonly Node[] };

interface Token {
  readonly text: string;
  readonly tag: boolean;
  readonly line: number;
}

function* tokenize(source: string): Generator<Token, void> {
  let line = 1;
  let rest = source;
  while (rest !== "") {
    const tag = rest.startsWith("{{");
    const stop = tag ? rest.indexOf("}}") + 2 : rest.indexOf("{{");
    if (tag && stop === 1) throw new SyntaxError(`line ${line}: tag without }}`);
    const text = stop < 0 ? rest : rest.slice(0, stop);
    yield { text: tag ? text.slice(2, -2).trim() : text, tag, line };
    line += text.split("\n").length - 1;
    rest = rest.slice(text.length);
  }
}

function parseNodes(tokens: Iterator<Token, void>, openedAt?: number): Node[] {
  const nodes: Node[] = [];
  for (let next = tokens.next(); !next.done; next = tokens.next()) {
    const { text, tag, line } = next.value;
    if (!tag) {
      nodes.push({ type: "text", text });
    } else if (text.startsWith("#each ")) {
      const path = text.slice("#each ".length).trim().split(".");
      nodes.push({ type: "each", path, body: parseNodes(tokens, line) });
    } else if (text === "/each") {
      if (openedAt === undefined) throw new SyntaxError(`line ${line}: nothing to close`);
      return nodes;
    } else {
      nodes.push({ type: "placeholder", path: text.split(".") });
    }
  }
  if (openedAt !== undefined) throw new SyntaxError(`line ${openedAt}: block is not closed`);
  return nodes;
}

function resolve(context: Context, path: readonly string[]): Value {
  let value: Value = context;
  for (const name of path) {
    const child: Value | undefined =
      typeof value === "object" && !Array.isArray(value) ? value[name] : undefined;
    if (child === undefined) throw new ReferenceError(`nothing at ${path.join(".")}`);
    value = child;
  }
  return value;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function renderNode(node: Node, context: Context): string {
  switch (node.type) {
    case "text":
      return node.text;
    case "placeholder":
      return escape(String(resolve(context, node.path)));
    case "each": {
      const items = resolve(context, node.path);
      if (!Array.isArray(items)) throw new TypeError(`${node.path.join(".")} is not a list`);
      return items.map((item, index) => {
        const fields = typeof item === "object" && !Array.isArray(item) ? item : {};
        const inner = { ...context, ...fields, this: item, "@index": index + 1 };
        return node.body.map((child) => renderNode(child, inner)).join("");
      }).join("");
    }
  }
}

export function render(template: string, context: Context): string {
  return parseNodes(tokenize(template)).map((node) => renderNode(node, context)).join("");
}

const letter = `Dear {{customer.name}},
order {{orderId}} ships on {{ shipDate }}:
{{#each lines}}  {{@index}}. {{quantity}} x {{title}}{{#each tags}} <{{this}}>{{/each}}
{{/each}}Thank you!`;

const order: Context = {
  customer: { name: "Ines & Co" },
  orderId: "A-1047",
  shipDate: "3 May",
  lines: [
    { quantity: 2, title: "Copper kettle", tags: ["kitchen", "gift"] },
    { quantity: 1, title: "Tea towel", tags: [] },
  ],
};
console.log(render(letter, order));
