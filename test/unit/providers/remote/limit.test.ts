import { expect, test } from "@jest/globals";
import { limit } from "../../../../providers/remote/limit";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a limit lets so many in, the others in the order of their coming, and a place is given back once", async () => {
  const places = limit(2);
  const [first, second] = [await places.take(), await places.take()];
  const entered: string[] = [];
  const third = places.take().then((release) => {
    entered.push("third");
    return release;
  });
  void places.take().then(() => entered.push("fourth"));
  await settled();
  expect(entered).toEqual([]);
  first();
  first();
  await settled();
  expect(entered).toEqual(["third"]);
  (await third)();
  await settled();
  expect(entered).toEqual(["third", "fourth"]);
  second();
});
