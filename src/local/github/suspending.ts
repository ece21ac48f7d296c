import { installationView } from "./apps.ts";
import type { Installation, User } from "./state.ts";
import { appById, type World } from "./world.ts";

/** Suspends an installation, by its account or by the app's owner: its tokens are refused, and no event reaches it. */
export const suspend = async (world: World, installation: Installation, by: User): Promise<void> => {
  installation.suspendedAt = world.now();
  installation.suspendedBy = by.id;
  await tell(world, installation, { action: "suspend", by });
};

export const unsuspend = async (world: World, installation: Installation, by: User): Promise<void> => {
  installation.suspendedAt = null;
  installation.suspendedBy = null;
  await tell(world, installation, { action: "unsuspend", by });
};

const tell = async (
  world: World,
  installation: Installation,
  { action, by }: { action: string; by: User },
): Promise<void> => {
  world.touch();
  const body = { installation: installationView(world, installation) };
  const told = { event: "installation", action, body, by, installation };
  await world.webhooks.tell(world, appById(world, installation.app), told);
};
