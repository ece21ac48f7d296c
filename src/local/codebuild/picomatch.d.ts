/** The package brings no types; this much of it is used. */
declare module "picomatch" {
  export default function picomatch(
    globs: readonly string[],
    options: { readonly dot: boolean },
  ): (file: string) => boolean;
}
