/** `oslo-config-validator` with the services' own code, and the types of its options, as the judge of names and values. */
import type { Project } from "../../providers/formats/openstack/index";
import { SERIES, type Series } from "../../providers/formats/openstack/series";
import type { Code, Ended } from "./options-code";

const said = ({ stdout, stderr }: Ended): string => stdout + stderr;

/** Python before 3.8 has not the module that asks what is installed. */
const INSTALLED = `
try:
    import importlib.metadata as m
    version, missing, points = m.version, m.PackageNotFoundError, m.entry_points()
    points = points.select(group="oslo.config.opts") if hasattr(points, "select") else points["oslo.config.opts"]
except ImportError:
    import pkg_resources as m
    version, missing = lambda name: m.get_distribution(name).version, m.DistributionNotFound
    points = list(m.iter_entry_points("oslo.config.opts"))
`;

const VERSIONS = `${INSTALLED}
for name in ("nova", "cinder", "glance"):
    try:
        print(name, version(name))
    except missing:
        pass
`;

/** Releases of a project are numbered by series: Queens is Nova 17, Cinder 12, Glance 16. */
const QUEENS: Readonly<Record<Project, number>> = { nova: 17, cinder: 12, glance: 16 };

const isProject = (name: string): name is Project => name in QUEENS;

/** The projects that there are, each with its series. */
export const seriesThere = (code: Code): ReadonlyMap<Project, Series> => {
  const done = code(VERSIONS, []);
  const found = [...done.stdout.matchAll(/^(\w+) (\d+)\./gm)].flatMap(
    ([, name = "", major]): [Project, Series][] => {
      const series = isProject(name) ? SERIES[Number(major) - QUEENS[name]] : undefined;
      return isProject(name) && series !== undefined ? [[name, series]] : [];
    },
  );
  if (done.code !== 0 || found.length === 0)
    throw new Error(`no code of OpenStack: ${said(done).slice(-2000)}`);
  return new Map(found);
};

/** The project's own options. */
const OWN = `${INSTALLED}
import json, os.path, subprocess, sys, tempfile
own = {"nova": ("nova.conf",), "cinder": ("cinder",), "glance": ("glance", "glance.api", "glance.cache", "glance.store", "glance.multi_store")}[sys.argv[1]]
`;

/** With those of the libraries that its service loads. */
const VALIDATE = `${OWN}
libraries = [p.name for p in points if p.name.split(".")[0] in ("oslo", "keystonemiddleware", "os_brick", "os_vif", "osprofiler") or p.name == "castellan.config"]
with tempfile.NamedTemporaryFile("w", suffix=".conf") as f:
    f.write(sys.stdin.read())
    f.flush()
    names = [word for name in (*own, *sorted(set(libraries))) for word in ("--namespace", name)]
    sys.exit(subprocess.call([os.path.join(os.path.dirname(sys.executable), "oslo-config-validator"), "--input-file", f.name, *names]))
`;

/** What the code itself makes of values, by the types of its options: what is a list there comes back joined, a mapping as `key:value`. */
const READ = `${OWN}
named = {}
for point in points:
    for group, options in point.load()() if point.name in own else ():
        for option in options:
            named[(str(getattr(group, "name", group or "DEFAULT")), option.dest)] = option

def text(value):
    if isinstance(value, dict):
        return ",".join(f"{key}:{text(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ",".join(map(text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)

def reading(row):
    # Of a library, as [coordination] backend_url is: any text.
    option = named.get((row["section"], row["name"]))
    try:
        return {"text": text(option.type(row["text"])) if option else row["text"], "deprecated": bool(option and option.deprecated_for_removal)}
    except ValueError as error:
        return {"text": f"refused: {error}", "deprecated": False}

print("\\n" + json.dumps([reading(row) for row in json.load(sys.stdin)]))
`;

export interface Verdict {
  readonly code: number | null;
  /** `section/option`, for each that the code has not. */
  readonly unknown: readonly string[];
  /** `section/option`, for each old name. */
  readonly renamed: readonly string[];
  readonly said: string;
}

export const validate = (code: Code, project: Project, text: string): Verdict => {
  const done = code(VALIDATE, [project], text);
  const all = said(done);
  const named = (pattern: RegExp) => [...all.matchAll(pattern)].map(([, name = ""]) => name);
  if (!/^(ERROR|WARNING|INFO):|^$/m.test(all) || all.includes("Traceback"))
    throw new Error(`the validator failed: ${all.slice(-2000)}`);
  return {
    code: done.code,
    unknown: named(/^ERROR:[\w.]+:(\S+) (?:not found$|is not part of the sample config)/gm),
    renamed: named(/^WARNING:[\w.]+:Deprecated opt (\S+) found/gm),
    said: all,
  };
};

/** A value in a file. */
export interface Written {
  readonly section: string;
  readonly name: string;
  readonly text: string;
}

interface Reading {
  /** The value as the code has it; or that it refuses it, and why. */
  readonly text: string;
  /** It is to be removed. */
  readonly deprecated: boolean;
}

/** What the code makes of each value. */
export const readAs = (code: Code, project: Project, rows: readonly Written[]): readonly Reading[] => {
  const done = code(READ, [project], JSON.stringify(rows));
  const line = done.stdout.split("\n").find((one) => one.startsWith("[{"));
  if (done.code !== 0 || line === undefined) throw new Error(`nothing was read: ${said(done).slice(-2000)}`);
  return JSON.parse(line) as readonly Reading[];
};
