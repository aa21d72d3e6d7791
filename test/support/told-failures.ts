/** What failures say, as the sources have it: the text of `what` beside a `code` or a `cure`, with "…" for what is put in. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

export interface Told {
  readonly file: string;
  /** The pieces between what is put in. */
  readonly pieces: readonly string[];
}

const sources = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith(".ts") ? [path] : [];
  });

const piecesOf = (node: ts.Expression): string[] => {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isConditionalExpression(node)) return [...piecesOf(node.whenTrue), ...piecesOf(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...piecesOf(node.left), ...piecesOf(node.right)];
  return ts.isParenthesizedExpression(node) ? piecesOf(node.expression) : [];
};

const valueOf = (node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined =>
  node.properties.find(
    (property): property is ts.PropertyAssignment =>
      ts.isPropertyAssignment(property) && property.name.getText() === name,
  )?.initializer;

const toldIn = (root: string, path: string): Told[] => {
  const found: Told[] = [];
  const text = readFileSync(path, "utf8");
  if (!text.includes("what")) return found;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const what = valueOf(node, "what");
      const isFailure = [valueOf(node, "code"), valueOf(node, "cure")].some((one) => one !== undefined);
      if (what !== undefined && isFailure)
        found.push({
          file: relative(root, path),
          pieces: piecesOf(what).filter((text) => /[a-z]{3}/i.test(text)),
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter(({ pieces }) => pieces.length > 0);
};

/** Of every source below a directory of the project. */
export const toldFailures = (root: string, directory: string): Told[] =>
  sources(join(root, directory)).flatMap((path) => toldIn(root, path));
