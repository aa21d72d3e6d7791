import { describe, expect, test } from "@jest/globals";
import type { Answer, Problem } from "../../../../providers/client-check/program";
import { wordsOf } from "../../../../providers/client-check/words";

const FSID = "11111111-2222-4333-8444-555555555555";

describe("the words of a broken link", () => {
  const names = { host: "vol1", entity: "client.cinder", fsid: FSID, conf: "/etc/ceph/ceph.conf" };
  const said = (problem: Partial<Problem>, more: object = {}, facts: Answer["facts"] = {}): string =>
    wordsOf(
      { problems: [{ link: "", op: "open", pool: "", said: "", ...problem }], notes: [], facts },
      {
        ...names,
        ...more,
      },
    )
      .map(({ what }) => what)
      .join();

  const ROWS: readonly (readonly [Partial<Problem>, object, RegExp])[] = [
    [{ link: "key" }, { key: "none" }, /^key: the cluster .* has no client\.cinder$/],
    [{ link: "key" }, { key: "another" }, /^key: the keyring holds another key of client\.cinder/],
    [{ link: "key" }, { key: "same" }, /^caps: the key is right, .* lack mon "profile rbd"$/],
    [{ link: "caps", need: ["mgr", "vms"] }, {}, /lack mgr "profile rbd pool=vms"$/],
    [{ link: "caps", need: ["mon", ""] }, {}, /lack mon "profile rbd"$/],
    [
      { link: "caps", need: ["rbd-read-only", "images/a"] },
      {},
      /lack osd "profile rbd-read-only pool=images namespace=a"$/,
    ],
    [
      { link: "allowed", op: "write", pool: "images" },
      {},
      /^caps: client\.cinder can write in pool images, which it must not$/,
    ],
    [
      { link: "slow", op: "write", pool: "vms", said: "no answer within 20 s" },
      {},
      /^network: write in pool vms: no answer within 20 s$/,
    ],
    [
      { link: "network", said: "192.0.2.1:6789 answers" },
      {},
      /^network: a monitor takes connections and opens no session/,
    ],
    [{ link: "whose", said: "/k" }, {}, /^user: \/k belongs to root/],
    [{ link: "connect", errno: 5 }, {}, /^key: Ceph on vol1 cannot read the key .*aes256k/],
    [
      { link: "data", pool: "vms", said: "what was read back is not what was written" },
      {},
      /^pool: vms: what was read back/,
    ],
    [
      { link: "failed", op: "clone from images", pool: "vms", said: "EINVAL" },
      {},
      /^clone from images in pool vms: EINVAL$/,
    ],
  ];

  test.each(ROWS)("%j %j", (problem, more, words) => {
    expect(said(problem, more)).toMatch(words);
  });
});
