import type { Repository } from "./state.ts";
import { tendQueues } from "./tend-queue.ts";
import type { World } from "./world.ts";

/** Writes to a repository as the only writer, and does what follows from it. */
export const writing = async <T>(
  world: World,
  repository: Repository,
  work: () => Promise<T> | T,
): Promise<T> => {
  try {
    return await world.lock(repository.id, async () => work());
  } finally {
    world.touch();
    await tendQueues(world);
  }
};
