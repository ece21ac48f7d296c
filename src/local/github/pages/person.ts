import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import type { User } from "../state.ts";
import { userByLogin, type World } from "../world.ts";
import type { Html, Visit } from "./layout.ts";

const cookie = "person";

/** The person that a visitor has chosen to act as. */
export const personOf = (world: World, context: Context): User | undefined => {
  const user = userByLogin(world, getCookie(context, cookie) ?? "");
  return user?.type === "User" ? user : undefined;
};

/** Remembers whom a visitor acts as, until the browser is closed; an empty login is nobody. */
export const choosePerson = (context: Context, login: string): void =>
  setCookie(context, cookie, login, { path: "/", httpOnly: true, sameSite: "Strict" });

/** Where people say whom they act as: there are no passwords on one's own machine. */
export const actAs = ({ world, person, path }: Visit): Html =>
  html`<form method="post" action="/-/person">
    <input type="hidden" name="back" value="${path}" />
    <label for="person" class="small">Acting as</label>
    <select id="person" name="login">
      <option value="">nobody</option>
      ${world.state.users
        .filter(({ type }) => type === "User")
        .map(({ login }) =>
          login === person?.login
            ? html`<option selected>${login}</option>`
            : html`<option>${login}</option>`,
        )}
    </select>
    <button class="small">Switch</button>
  </form>`;
