import { randomBytes } from "node:crypto";
import type { User } from "./state.ts";
import type { World } from "./world.ts";

/** Adds an account. */
export const addUser = (
  world: World,
  wanted: { login: string; type: User["type"]; id?: number | undefined },
): User => {
  const user: User = { id: wanted.id ?? freeId(world), login: wanted.login, type: wanted.type };
  if (world.state.users.some(({ id }) => id === user.id)) throw new Error(`user id ${user.id} is taken`);
  world.state.users.push(user);
  world.touch();
  return user;
};

/** Ids that people were given by hand are skipped. */
const freeId = (world: World): number => {
  let id = world.nextId();
  while (world.state.users.some((user) => user.id === id)) id = world.nextId();
  return id;
};

/** The personal access token of a person, made when it is first asked for. */
export const tokenOf = (world: World, user: User): string => {
  const held = Object.entries(world.state.people).find(([, id]) => id === user.id)?.[0];
  const token = held ?? `ghp_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  world.state.people[token] = user.id;
  world.touch();
  return token;
};
