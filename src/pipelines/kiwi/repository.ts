import { z } from "zod";

/** A word of one of kiwi's own lists, which are divided by commas and blanks. */
const Word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+/-]*$/);

const addresses = { url: z.url(), key: z.url() };

/** `url` (`https:` or `dir:`, where `{arch}` is the image's), and the OpenPGP key that signs it, as an address too. */
export const Repository = z.union([
  z.strictObject({ ...addresses, type: z.optional(z.literal("rpm-md")) }),
  z.strictObject({
    ...addresses,
    type: z.literal("apt-deb"),
    /** The suite below `dists` (`bookworm`); absent: a flat repository, with its index beside the packages. */
    distribution: z.optional(Word),
    /** Absent: `main`. */
    components: z.optional(z.array(Word).min(1)),
  }),
]);
export type Repository = z.infer<typeof Repository>;

/** What images are made from. An image of Debian packages begins with a distribution: the first that is named here. */
export const Repositories = z
  .array(Repository)
  .min(1)
  .refine(
    (all) => !all.some(isDebian) || all.some((one) => isDebian(one) && one.distribution !== undefined),
    "one of the repositories of type apt-deb needs a distribution",
  );

const isDebian = (one: Repository) => one.type === "apt-deb";

/** The package manager of an image, and where its description names it (`os/os.kiwi:7`). */
export const Manager = z.readonly(z.strictObject({ name: z.string(), at: z.string() }));
export type Manager = z.infer<typeof Manager>;

/** The repositories that an image's package manager reads. kiwi itself takes dnf where a description names none. */
export const repositoriesFor = (
  manager: Manager | undefined,
  all: readonly Repository[],
): readonly Repository[] => {
  const type = TYPES.get(manager?.name ?? "dnf");
  return all.filter((one) => (one.type ?? "rpm-md") === type);
};

const TYPES: ReadonlyMap<string, NonNullable<Repository["type"]>> = new Map([
  ["apt", "apt-deb"],
  ["dnf", "rpm-md"],
  ["dnf4", "rpm-md"],
  ["dnf5", "rpm-md"],
  ["microdnf", "rpm-md"],
  ["zypper", "rpm-md"],
]);
