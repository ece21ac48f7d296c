/** What the name of an image's file says. */
export interface ImageName {
  /** The image without its arch and version. */
  readonly name: string;
  /** What the name ends in, such as `qcow2` or `oci.tar.xz`. */
  readonly format: string;
  /** The name with the arch and the version, and without the format: what tells of it begins with this. */
  readonly stem: string;
  /** The file's name without the version, for the address that people keep; absent: it tells none. */
  readonly lasting?: string;
}

/** `<image>.<arch>-<version>.<format>`, as kiwi calls its results. What is called otherwise has no lasting name. */
export function imageName(file: string, arch: string): ImageName {
  const at = file.lastIndexOf(`.${arch}-`);
  const rest = file.slice(at + arch.length + 2);
  const format = /(?:\.[A-Za-z][A-Za-z0-9]*)+$/.exec(rest)?.[0].slice(1);
  if (at > 0 && format !== undefined && /^[0-9]/.test(rest)) {
    const name = file.slice(0, at);
    const stem = file.slice(0, -format.length - 1);
    return { name, format, stem, lasting: `${name}.${arch}.${format}` };
  }
  const dot = file.indexOf(".", 1);
  const stem = dot < 0 ? file : file.slice(0, dot);
  return { name: file, format: dot < 0 ? "" : file.slice(dot + 1), stem };
}

/** What kiwi leaves beside an image: its packages, how they verify, what changed. */
export const isTelling = (file: string): boolean => /\.(?:packages|verified|changes(?:\.xz)?)$/.test(file);
