/** What is found in a section of a row. */
import { lintSection } from "../../providers/formats/openstack/lint";
import type { Finding } from "../../providers/formats/openstack/finding";
import type { Project } from "../../providers/formats/openstack/index";
import type { Series } from "../../providers/formats/openstack/series";
import type { Given } from "./lint-rows";

/** A list stands for `{ repeated }`. */
export const findings = (project: Project, series: Series, section: string, options: Given): Finding[] =>
  lintSection(
    { project, series },
    section,
    Object.entries(options).map(([name, value]) => ({
      name,
      value: typeof value === "string" ? value : { repeated: value },
    })),
  );
