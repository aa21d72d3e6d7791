/** The end of every connection, from one command on. */
import { Failure } from "../../providers/remote/failure";
import type { Site } from "./laws-site";

interface CutAt {
  readonly n: number;
  readonly when: "before" | "after";
}

/** Something that is cut at the n-th command of the host, order of the cluster or request; false where it needed fewer. */
export const cutAt = async (
  site: Site,
  { n, when }: CutAt,
  work: () => Promise<unknown>,
): Promise<boolean> => {
  const { host, ceph, glance } = site;
  const { before, after } = host;
  const answer = ceph.answer;
  const served = { before: glance.before, after: glance.after };
  let count = 0;
  const lost = (at: CutAt["when"]): boolean => at === when && count >= n;
  const cut = () => new Failure({ code: "cut", host: host.name, what: "the connection was lost" });
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
    if (lost("before")) return undefined;
    const answered = answer(line);
    return lost("after") ? undefined : answered;
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
