import { describe, expect, test } from "@jest/globals";

import { edit, restore, type Original } from "../../../../../providers/formats/ini/index.js";

const parseOriginals: (json: string) => Original[] = JSON.parse;

describe("putting back", () => {
  const target = { dialect: "oslo", section: "a" } as const;
  const STOCK = "# head\n[a]\n# From x\n#k = <None>\n\nk = old ; c\n  more\nl = 1\n\n[b]\nx = 1\n";

  test("leaves what others wrote in between", () => {
    const made = edit(STOCK, target, [
      { name: "k", values: ["new"] },
      { name: "n", values: ["1"] },
    ]);
    const later = made.bytes
      .replace("l = 1\n", "l = 2\n# hand\nm = 3\n")
      .replace("# head\n", "# head\n# more\n");
    expect(restore(later, target, made.original)).toBe(
      "# head\n# more\n[a]\n# From x\n#k = <None>\n\nk = old ; c\n  more\nl = 2\n# hand\nm = 3\n\n[b]\nx = 1\n",
    );
  });

  test("puts a removed line back to its neighbours, wherever they went", () => {
    const made = edit("[a]\nx = 1\nk = 1 # secret\ny = 1\nz = 1\n", target, [{ name: "k", values: null }]);
    const later = `[b]\nq = 1\n${made.bytes.replace("[a]\n", "[a]\n# new\nw = 1\n").replace("x = 1", "x = 5")}`;
    expect(restore(later, target, made.original)).toBe(
      "[b]\nq = 1\n[a]\n# new\nw = 1\nx = 5\nk = 1 # secret\ny = 1\nz = 1\n",
    );
  });

  test("gives the line from before the first write, not from before the last", () => {
    const first = edit(STOCK, target, [{ name: "k", values: ["1"] }]);
    const second = edit(first.bytes, { ...target, recorded: first.original }, [{ name: "k", values: ["2"] }]);
    expect(restore(second.bytes, target, second.original)).toBe(STOCK);
  });

  test("removes the section that was made for it with its blank line, but not what others put there", () => {
    const made = edit(STOCK, { ...target, section: "new" }, [{ name: "k", values: ["1"] }]);
    const back = { ...target, section: "new", removeSection: made.madeSection };
    expect(made.madeSection).toEqual({ blank: true });
    expect(restore(made.bytes, back, made.original)).toBe(STOCK);
    expect(restore(`${made.bytes}m = 1\n`, back, made.original)).toBe(`${STOCK}\n[new]\nm = 1\n`);
    expect(restore(`${made.bytes}\n[c]\n`, back, made.original)).toBe(`${STOCK}\n[c]\n`);
    expect(restore(made.bytes, { ...target, section: "new" }, made.original)).toBe(`${STOCK}\n[new]\n`);
  });

  test("of options that were never there, in a file without the section, changes nothing", () => {
    const made = edit(STOCK, target, [{ name: "n", values: ["1"] }]);
    expect(restore("[b]\nx = 1\n", target, made.original)).toBe("[b]\nx = 1\n");
    expect(restore("", target, made.original)).toBe("");
  });

  test("survives the record's way through JSON, with bytes that are no text", () => {
    const bytes = "[a]\nk = \xe9\xff\x00\r\nl = 1";
    const made = edit(bytes, target, [{ name: "k", values: ["new"] }]);
    expect(made.bytes).toBe("[a]\nk = new\r\nl = 1");
    expect(restore(made.bytes, target, parseOriginals(JSON.stringify(made.original)))).toBe(bytes);
  });
});
