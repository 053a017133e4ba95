/**
 * Mustache-like templates.
 *
 *   compile("Hello {{name}}")({ name: "Ines" })
 *   compile("{{#each tags}}<{{this}}>{{/each}}")({ tags: ["kitchen", "gift"] })
 */

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (value) => String(value).replace(/[&<>"']/g, (ch) => ENTITIES[ch]);

/** Resolves a dotted path; the first segment may come from any enclosing scope. */
function lookup(path, scope) {
  if (path === "this") return scope.item;
  if (path === "@index") return scope.index;
  const [head, ...rest] = path.split(".");
  for (let level = scope; level; level = level.parent) {
    if (Object(level.item) === level.item && head in level.item) {
      return rest.reduce((value, key) => value?.[key], level.item[head]);
    }
  }
  return undefined;
}

function parse(source) {
  const root = { body: [] };
  const stack = [root];
  // Splitting on a captured group leaves text at even positions and tags at odd ones.
  source.split(/\{\{\s*(.*?)\s*\}\}/s).forEach((chunk, position) => {
    const { body } = stack.at(-1);
    if (position % 2 === 0) {
      if (chunk) body.push({ type: "text", chunk });
    } else if (chunk.startsWith("#each ")) {
      const block = { type: "each", path: chunk.slice(6).trim(), body: [] };
      body.push(block);
      stack.push(block);
    } else if (chunk === "/each") {
      if (stack.length === 1) throw new SyntaxError("{{/each}} without {{#each}}");
      stack.pop();
    } else {
      body.push({ type: "value", path: chunk });
    }
  });
  if (stack.length > 1) throw new SyntaxError(`{{#each ${stack.at(-1).path}}} is not closed`);
  return root.body;
}

const renderers = {
  text: ({ chunk }) => chunk,
  value: ({ path }, scope) => escapeHtml(lookup(path, scope) ?? ""),
  each: ({ path, body }, scope) =>
    Array.from(lookup(path, scope) ?? [], (item, position) =>
      render(body, { item, index: position + 1, parent: scope }),
    ).join(""),
};

function render(nodes, scope) {
  return nodes.map((node) => renderers[node.type](node, scope)).join("");
}

export function compile(source) {
  const nodes = parse(source);
  return (data) => render(nodes, { item: data });
}

const letter = compile(`Dear {{customer.name}},
order {{orderId}} ships on {{ shipDate }}:
{{#each lines}}  {{@index}}. {{quantity}} x {{title}}{{#each tags}} <{{this}}>{{/each}}
{{/each}}Thank you!`);

console.log(
  letter({
    customer: { name: "Ines & Co" },
    orderId: "A-1047",
    shipDate: "3 May",
    lines: [
      { quantity: 2, title: "Copper kettle", tags: ["kitchen", "gift"] },
      { quantity: 1, title: "Tea towel" },
    ],
  }),
);

for (const broken of ["{{#each lines}} oops", "oops {{/each}}"]) {
  try {
    compile(broken);
  } catch (error) {
    console.log(`${error}`);
  }
}
