/**
 * Markdown outline: collects headings, gives each a unique slug and nests them into a table of contents.
 */

const FENCE = /^\s{0,3}(```|~~~)/;

function* headings(markdown) {
  let fence = null;
  let previous = "";
  for (const line of markdown.split("\n")) {
    const marker = line.match(FENCE)?.[1];
    if (marker && (fence === null || fence === marker)) {
      fence = fence ? null : marker;
      previous = "";
      continue;
    }
    if (fence) continue;

    const atx = line.match(/^(#{1,6})\s+(.*?)\s*#*\s*$/);
    const underline = line.match(/^(?:=+|-+)\s*$/);
    if (atx) {
      yield { level: atx[1].length, title: atx[2] };
      previous = "";
    } else if (underline && previous.trim()) {
      yield { level: line[0] === "=" ? 1 : 2, title: previous.trim() };
      previous = "";
    } else {
      previous = line;
    }
  }
}

function createSlugger() {
  const used = new Map();
  return (title) => {
    const slug = title
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim()
      .replaceAll(" ", "-");
    const times = used.get(slug) ?? 0;
    used.set(slug, times + 1);
    return times ? `${slug}-${times}` : slug;
  };
}

/** Nested outline: every entry has level, title, slug and children. */
export function outline(markdown) {
  const slugFor = createSlugger();
  const root = { level: 0, children: [] };
  const ancestors = [root];
  for (const { level, title } of headings(markdown)) {
    const entry = { level, title, slug: slugFor(title), children: [] };
    while (ancestors.at(-1).level >= level) ancestors.pop();
    ancestors.at(-1).children.push(entry);
    ancestors.push(entry);
  }
  return root.children;
}

export function toHtml(entries) {
  if (entries.length === 0) return "";
  const item = ({ title, slug, children }) => `<li><a href="#${slug}">${title}</a>${toHtml(children)}</li>`;
  return `<ul>${entries.map(item).join("")}</ul>`;
}

export const toMarkdown = (entries, indent = "") =>
  entries
    .flatMap(({ title, slug, children }) => [
      `${indent}- [${title}](#${slug})`,
      ...(children.length ? [toMarkdown(children, indent + "  ")] : []),
    ])
    .join("\n");

const guide = `# Field Guide
How to watch *birds*.

Getting Started
---------------
### Install
~~~sh
# not a heading, only a comment
~~~
## Usage & Tips
### Install ###
## FAQ
`;

const entries = outline(guide);
console.log(toMarkdown(entries));
console.log(toHtml(entries).length, "characters of HTML");
