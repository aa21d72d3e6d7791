/** Orders through a door that is opened when it is first wanted, and again after it has ended. */
import type { Failure } from "../../remote/failure.js";
import { orderFailed, type Answer, type Door, type MonCommand, type Order } from "./door.js";

/** Gives an order; `failed` makes the failure of an answer that its caller does not know as a value. */
export type Ask = (order: Order) => Promise<{ answer: Answer; failed: (cure?: string) => Failure }>;

/** Keeps one door open; after it has ended the next order opens another. */
export const orders = (open: () => Promise<Door>): Ask => {
  let door: Promise<Door> | undefined;
  const current = async (): Promise<Door> => {
    const before = door;
    if (before !== undefined && !(await before).isOpen() && door === before) door = undefined;
    door ??= open().catch((error: unknown) => {
      door = undefined;
      throw error;
    });
    return door;
  };
  return async (order) => {
    const through = await current();
    const answer = await through.ask(order);
    return {
      answer,
      failed: (cure) => orderFailed(through, order, { ...answer, ...(cure === undefined ? {} : { cure }) }),
    };
  };
};

/** Standard output of an order that must succeed. */
export const must = async (ask: Ask, order: Order, cure?: string): Promise<string> => {
  const { answer, failed } = await ask(order);
  if (answer.code !== 0) throw failed(cure);
  return answer.out;
};

export const mon = (command: MonCommand, input?: string): Order => ({
  do: "mon",
  command,
  ...(input === undefined ? {} : { input }),
});
