import { readFileSync } from "node:fs";

/**
 * Table of contents for Markdown files: node markdown-outline.js README.md [deepest level]
 */

export type Level = 1 | 2 | 3 | 4 | 5 | 6;

export interface Heading {
  readonly level: Level;
  readonly title: string;
  readonly slug: string;
}

/** Blanks out fenced code, so that comments in shell snippets are not taken for headings. */
function withoutCode(lines: readonly string[]): string[] {
  let fence: string | undefined;
  return lines.map((line) => {
    const marker = /^ {0,3}(`{3}|~{3})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (marker === fence) fence = undefined;
      return "";
    }
    fence = marker;
    return marker === undefined ? line : "";
  });
}

export function slugify(title: string): string {
  const words = title.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu);
  return words?.join("-") ?? "section";
}

export function extractHeadings(markdown: string): Heading[] {
  const lines = withoutCode(markdown.split(/\r?\n/));
  const occurrences: Record<string, number> = {};
  const result: Heading[] = [];

  const record = (level: Level, title: string): void => {
    const slug = slugify(title);
    const nth = (occurrences[slug] = (occurrences[slug] ?? -1) + 1);
    result.push({ level, title, slug: nth === 0 ? slug : `${slug}-${nth}` });
  };

  lines.forEach((line, index) => {
    const atx = /^ {0,3}(#{1,6})\s+(.+?)(?:\s+#+)?\s*$/.exec(line);
    if (atx) {
      const [, marks = "#", title = ""] = atx;
      record(marks.length as Level, title);
      return;
    }
    const next = lines[index + 1] ?? "";
    if (line.trim() !== "" && /^(=+|-+)\s*$/.test(next)) {
      record(next.startsWith("=") ? 1 : 2, line.trim());
    }
  });
  return result;
}

export function tableOfContents(headings: readonly Heading[], deepest: Level = 6): string {
  const shown = headings.filter(({ level }) => level <= deepest);
  const top = Math.min(...shown.map(({ level }) => level));
  return shown
    .map(({ level, title, slug }) => `${"    ".repeat(level - top)}1. [${title}](#${slug})`)
    .join("\n");
}

const fieldGuide = [
  "Field Guide",
  "===========",
  "How to watch *birds*.",
  "## Getting Started",
  "### Install",
  "```sh",
  "# not a heading, only a comment",
  "```",
  "## Usage & Tips",
  "### Install ###",
  "## FAQ",
].join("\n");

const [, , path, deepest = "6"] = process.argv;
const source = path === undefined ? fieldGuide : readFileSync(path, "utf8");
console.log(tableOfContents(extractHeadings(source), Number(deepest) as Level));
