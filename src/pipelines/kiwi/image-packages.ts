/** A package of an image, as kiwi lists it. `epoch` is `0` where it has none. */
export interface ImagePackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly licence: string;
}

/** What the list of an image's packages is called. */
export const isPackageList = (file: string): boolean => file.endsWith(".packages");

/** Reads the list that kiwi leaves beside an image: a line each, of name, epoch, version, release, arch, address and licence. */
export function imagePackages(text: string): readonly ImagePackage[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", epoch = "", version = "", release = "", arch = "", , ...licence] = line.split("|");
    if (name === "" || version === "") return [];
    return [
      {
        name,
        epoch: known(epoch) === "" ? "0" : epoch,
        version,
        release: known(release),
        arch: known(arch),
        licence: known(licence.join("|").trim()),
      },
    ];
  });
}

/** What rpm and dpkg say of what a package has not. */
const known = (value: string): string => (value === "(none)" || value === "None" ? "" : value);

/** The same as a list of contents, so that two images can be held against each other: by packages, not by what is in them. */
export const contentsOfImage = (text: string): string =>
  imagePackages(text)
    .map(({ name, epoch, version, release, arch }) =>
      [
        `${[name, `${epoch === "0" ? "" : `${epoch}:`}${version}`, release].filter((part) => part !== "").join("-")}.${arch}`,
        "package",
        "",
        "",
      ].join("\t"),
    )
    .map((line) => `${line}\n`)
    .join("");
