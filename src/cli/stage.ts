import type { Teller } from "./tell.ts";
import type { Town } from "./town.ts";
import type { World } from "./world.ts";

/** Who is in the story, and who tells it. */
export interface Stage {
  readonly world: World;
  readonly town: Town;
  readonly tell: Teller;
}

/** A part of the story. It throws where something is not as it is to be. */
export interface Chapter {
  readonly name: string;
  play(stage: Stage): Promise<void>;
}

/** What a chapter came to. */
export interface Played {
  readonly name: string;
  readonly held: boolean;
  readonly seconds: number;
  /** What did not hold. */
  readonly because?: string;
}

/** Plays one chapter after the other; one that goes wrong does not keep the others from being told. */
export async function play(stage: Stage, chapters: readonly Chapter[]): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const chapter of chapters) {
    stage.tell.chapter(chapter.name);
    const begin = performance.now();
    const because = await chapter.play(stage).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (because !== undefined) stage.tell.detail("", `NOT AS IT IS TO BE: ${because}`);
    const seconds = Math.round((performance.now() - begin) / 100) / 10;
    const ended = { name: chapter.name, held: because === undefined, seconds };
    played.push(because === undefined ? ended : { ...ended, because });
  }
  return played;
}

/** Tells what is so; it ends the chapter where it is not. */
export function hold({ tell }: Pick<Stage, "tell">, what: string, isSo: boolean): void {
  if (!isSo) throw new Error(`this is not so: ${what}`);
  tell.detail(`✓ ${what}`);
}
