import { Hono } from "hono";
import type { World } from "../world.ts";

export const pages = (_world: World): Hono => new Hono();
