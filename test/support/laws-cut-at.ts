/** The end of every connection, from one command on; or one command that fails. */
import { Failure } from "../../providers/remote/failure";
import type { Site } from "./laws-site";

interface CutAt {
  readonly n: number;
  readonly when: "before" | "after";
  /** That one alone fails, for this reason. @default a cut, and every later one is cut as well */
  readonly alone?: "cut" | "command";
}

/** Something that is cut at the n-th command of the host, order of the cluster or request; false where it needed fewer. */
export const cutAt = async (
  site: Site,
  { n, when, alone }: CutAt,
  work: () => Promise<unknown>,
): Promise<boolean> => {
  const { host, ceph, glance } = site;
  const { before, after } = host;
  const answer = ceph.answer;
  const served = { before: glance.before, after: glance.after };
  let count = 0;
  const lost = (at: CutAt["when"]): boolean =>
    at === when && (alone === undefined ? count >= n : count === n);
  const cut = () => new Failure({ code: alone ?? "cut", host: host.name, what: "the command was disturbed" });
  host.before = (request, number) => {
    count += 1;
    if (lost("before")) throw cut();
    return before(request, number);
  };
  host.after = (result) => {
    if (lost("after")) throw cut();
    return result;
  };
  ceph.answer = (line) => {
    count += 1;
    const { id }: { id: number } = JSON.parse(line);
    const failed =
      alone === "command" ? JSON.stringify({ id, code: 5, out: "", text: "disturbed" }) : undefined;
    if (lost("before")) return failed;
    const answered = answer(line);
    return lost("after") ? failed : answered;
  };
  glance.before = () => {
    count += 1;
    if (lost("before")) throw cut();
  };
  glance.after = (answered) => {
    if (lost("after")) throw cut();
    return answered;
  };
  await work().catch(() => undefined);
  Object.assign(host, { before, after });
  Object.assign(glance, served);
  ceph.answer = answer;
  return count >= n;
};
