import { REQUIRE } from "./tools.ts";

/** Probot brings CommonJS along and needs a `require`; the other bundles stay as small as they are. */
const WITH_PROBOT = ["decide-event"];

const requireForProbot = {
  name: "require-for-probot",
  setup({ initialOptions }) {
    const entries = [initialOptions.entryPoints].flat();
    if (WITH_PROBOT.some((door) => entries.some((entry) => entry.includes(door)))) {
      initialOptions.banner = { js: REQUIRE };
    }
  },
};

const plugins = [requireForProbot];
export { plugins as "module.exports" };
