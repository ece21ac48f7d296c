import { randomBytes } from "node:crypto";
import type { User } from "./state.ts";
import type { World } from "./world.ts";

/** Adds an account. */
export const addUser = (
  world: World,
  wanted: { login: string; type: User["type"]; id?: number | undefined },
): User => {
  const user: User = { id: wanted.id ?? world.nextId(), login: wanted.login, type: wanted.type };
  if (world.state.users.some(({ id }) => id === user.id)) throw new Error(`user id ${user.id} is taken`);
  world.state.users.push(user);
  world.touch();
  return user;
};

/** The personal access token of a person, made when it is first asked for. */
export const tokenOf = (world: World, user: User): string => {
  const held = Object.entries(world.state.people).find(([, id]) => id === user.id)?.[0];
  const token = held ?? `ghp_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  world.state.people[token] = user.id;
  world.touch();
  return token;
};
