/** What is said of a program before anything is touched, as the sources have it: "…" stands for what is put in. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Files of these names in the rooms of the artifacts. */
const artifactFiles = (...names) =>
  readdirSync(join(root, "providers"))
    .flatMap((room) => names.map((name) => `providers/${room}/${name}.ts`))
    .filter((path) => existsSync(join(root, path)));

/** Where rules lie. In a file that does more than judge, a message is what stands in something of such a name. */
const ROOMS = {
  arguments: { places: ["components/topology"], within: /./ },
  layouts: { places: ["components/layouts"], within: /problem|refused|warnings/i },
  forms: {
    places: [
      ...["shape", "common", "check"].map((name) => `providers/kernel/${name}.ts`),
      ...["ini/check", "ini/values", "caps/index"].map((name) => `providers/formats/${name}.ts`),
      ...artifactFiles("rules", "check", "names", "auth"),
    ],
    within: /./,
  },
  inputs: {
    places: artifactFiles("index"),
    within: /shape|check|warnings|^(word|name|pools|pgNum|anyText)$/i,
  },
  findings: { places: ["providers/formats/openstack", "components/plan/advice"], within: /./ },
};

const sourcesIn = (path) =>
  statSync(join(root, path)).isDirectory()
    ? readdirSync(join(root, path)).flatMap((entry) => sourcesIn(join(path, entry)))
    : [path];

const isText = (node) => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

const textOf = (node) =>
  (ts.isStringLiteralLike(node)
    ? node.text
    : [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…")
  )
    .replaceAll(/…+/g, "…")
    .replaceAll(/\s+/g, " ")
    .trim();

/** Fewer words are a name, or the end of another message. */
const WORDS = 3;

const isMessage = (text) => text.split(" ").filter((word) => /[a-z]{2}/i.test(word)).length >= WORDS;

const isNamed = (node) =>
  ts.isVariableDeclaration(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isPropertyAssignment(node) ||
  ts.isMethodDeclaration(node);

const messagesIn = (path, within) => {
  const source = ts.createSourceFile(
    path,
    readFileSync(join(root, path), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = [];
  const visit = (node, isWithin) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const isIn = isWithin || (isNamed(node) && within.test(node.name.getText()));
    if (isIn && isText(node) && isMessage(textOf(node))) found.push(textOf(node));
    ts.forEachChild(node, (child) => visit(child, isIn));
  };
  visit(source, false);
  return found;
};

/** The messages of rooms, each once, in the order of the alphabet. */
export const messagesOf = (...rooms) => {
  const all = rooms.flatMap((room) => {
    const { places, within } = ROOMS[room];
    return places.flatMap(sourcesIn).flatMap((path) => messagesIn(path, within));
  });
  const key = (text) => text.replaceAll(/^[^a-z]+/gi, "").toLowerCase();
  return [...new Set(all)].sort((one, other) => (key(one) < key(other) ? -1 : 1));
};
