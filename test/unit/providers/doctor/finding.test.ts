import { expect, test } from "@jest/globals";
import { findingsOf, isFit, tableOf, type Finding } from "../../../../providers/doctor/finding";

const lines = (...findings: readonly Finding[]): string =>
  findings.map((one) => `${JSON.stringify(one)}\n`).join("");

const host: Finding = { subject: "host vol1", status: "ready", text: "reached" };
const pool: Finding = { resource: "p", subject: "pool vms", status: "to make", text: "is not there" };
const lost: Finding = {
  resource: "s",
  subject: "/srv/a/x.conf [a] on vol1",
  status: "trouble",
  text: "there is no directory /srv/a on the host: make it\n  or so",
  needs: "vol1:/srv/a",
};
const maker: Finding = {
  resource: "d",
  subject: "/srv/a on vol1",
  status: "to make",
  text: "is not there",
  makes: "vol1:/srv/a",
};

test("what several resources tell of one host is said once", () => {
  expect(findingsOf(lines(host, pool, host))).toEqual([host, pool]);
});

test("a directory that the program makes is not missed, whichever comes first", () => {
  expect(findingsOf(lines(lost, maker))).toEqual([maker]);
  expect(findingsOf(lines(maker, lost))).toEqual([maker]);
  expect(findingsOf(lines(lost, pool))).toEqual([lost, pool]);
});

test("the table has hosts first, then the worst, every line of a text, and a sum", () => {
  expect(tableOf([pool, host, lost]).split("\n")).toEqual([
    "ready          host vol1: reached",
    "trouble        /srv/a/x.conf [a] on vol1: there is no directory /srv/a on the host: make it",
    "               or so",
    "to make        pool vms: is not there",
    "1 ready, 1 to make, 1 trouble",
  ]);
});

test("two resources of one section that read the same are one line, and two where they differ", () => {
  const section: Finding = { ...pool, resource: "vol", subject: "/etc/cinder/cinder.conf [DEFAULT] on vol1" };
  const backup: Finding = { ...section, resource: "backup" };
  expect(tableOf([section, backup]).split("\n")).toEqual([
    "to make        /etc/cinder/cinder.conf [DEFAULT] on vol1: is not there",
    "1 to make",
  ]);
  expect(tableOf([section, { ...backup, status: "ready", text: "is as desired" }])).toContain(
    "1 ready, 1 to make",
  );
});

test("trouble alone stands in the way", () => {
  expect(isFit([host, pool, { ...pool, status: "warning" }, { ...pool, status: "not known yet" }])).toBe(
    true,
  );
  expect(isFit([host, lost])).toBe(false);
});
