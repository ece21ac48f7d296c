/** A kind of GVariant (GLib's binary values): ostree's objects are made of them, and no library for Node writes them. */
export interface Shape<T> {
  readonly align: 1 | 4 | 8;
  /** Bytes of every value; absent: they differ. */
  readonly fixed?: number;
  write(value: T): Buffer;
  read(bytes: Buffer): T;
}

export const bytes: Shape<Buffer> = { align: 1, write: (value) => value, read: (value) => value };

export const text: Shape<string> = {
  align: 1,
  write: (value) => Buffer.from(`${value}\0`),
  read: (value) => value.toString("utf8", 0, Math.max(0, value.length - 1)),
};

/** Numbers are in network order, as ostree keeps them whatever the machine. */
export const u32: Shape<number> = {
  align: 4,
  fixed: 4,
  write(value) {
    const at = Buffer.alloc(4);
    at.writeUInt32BE(value);
    return at;
  },
  read: (value) => value.readUInt32BE(),
};

export const u64: Shape<bigint> = {
  align: 8,
  fixed: 8,
  write(value) {
    const at = Buffer.alloc(8);
    at.writeBigUInt64BE(value);
    return at;
  },
  read: (value) => value.readBigUInt64BE(),
};

/** A value that brings its type along. */
export interface Variant {
  readonly type: string;
  readonly data: Buffer;
}

const variant: Shape<Variant> = {
  align: 8,
  write: ({ type, data }) => Buffer.concat([data, Buffer.of(0), Buffer.from(type)]),
  read(value) {
    const end = value.lastIndexOf(0);
    return { type: value.toString("latin1", end + 1), data: value.subarray(0, Math.max(0, end)) };
  },
};

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  const { fixed } = item;
  return {
    align: item.align,
    write: (values) => laid(values.map((value) => ({ shape: item, data: item.write(value), framed: true }))),
    read(all) {
      if (all.length === 0) return [];
      if (fixed !== undefined)
        return Array.from({ length: all.length / fixed }, (_, n) =>
          item.read(all.subarray(n * fixed, (n + 1) * fixed)),
        );
      const width = widthOf(all.length);
      const first = offsetAt(all, all.length - width, width);
      const count = (all.length - first) / width;
      let start = 0;
      return Array.from({ length: whole(count) }, (_, n) => {
        const end = offsetAt(all, first + n * width, width);
        const value = item.read(slice(all, up(start, item.align), end));
        start = end;
        return value;
      });
    },
  };
}

type Shapes<T extends readonly unknown[]> = { readonly [K in keyof T]: Shape<T[K]> };

/** A tuple; dictionary entries are laid out in the same way. */
export function tuple<const T extends readonly unknown[]>(...shapes: Shapes<T>): Shape<T> {
  const align = shapes.reduce<1 | 4 | 8>((most, shape) => (shape.align > most ? shape.align : most), 1);
  const fixed = fixedSize(shapes, align);
  const last = shapes.length - 1;
  const isWhole = (values: readonly unknown[]): values is T => values.length === shapes.length;
  return {
    align,
    ...(fixed !== undefined && { fixed }),
    write(values) {
      const body = laid(
        shapes.map((shape: Shape<unknown>, n) => ({
          shape,
          data: shape.write(values[n]),
          framed: n < last && shape.fixed === undefined,
        })),
        "backwards",
      );
      return fixed === undefined ? body : Buffer.concat([body], fixed);
    },
    read(all) {
      const width = widthOf(all.length);
      let [start, framed] = [0, 0];
      const ends = shapes.filter((shape, n) => n < last && shape.fixed === undefined).length;
      const values = shapes.map((shape: Shape<unknown>, n) => {
        const from = up(start, shape.align);
        if (shape.fixed !== undefined) start = from + shape.fixed;
        else if (n === last) start = all.length - ends * width;
        else start = offsetAt(all, all.length - (framed += 1) * width, width);
        return shape.read(slice(all, from, start));
      });
      if (!isWhole(values)) throw new Error("A value of ostree's lacks a part.");
      return values;
    },
  };
}

export const dictionary = list(tuple(text, variant));
export type Dictionary = readonly (readonly [string, Variant])[];

export const variantOf = <T>(type: string, shape: Shape<T>, value: T): Variant => ({
  type,
  data: shape.write(value),
});

type Sized = Pick<Shape<unknown>, "align" | "fixed">;

interface Laid {
  readonly shape: Sized;
  readonly data: Buffer;
  readonly framed: boolean;
}

/** Puts parts one behind the other and, at the end, where those end whose size the type does not tell. */
function laid(parts: readonly Laid[], order: "forwards" | "backwards" = "forwards"): Buffer {
  const pieces: Buffer[] = [];
  const ends: number[] = [];
  let size = 0;
  for (const { shape, data, framed } of parts) {
    const start = up(size, shape.align);
    if (start > size) pieces.push(Buffer.alloc(start - size));
    pieces.push(data);
    size = start + data.length;
    if (framed && shape.fixed === undefined) ends.push(size);
  }
  const width = [1, 2, 4, 8].find((n) => size + ends.length * n < 256 ** n) ?? 8;
  for (const end of order === "forwards" ? ends : ends.toReversed()) {
    const at = Buffer.alloc(width);
    at.writeUIntLE(end, 0, Math.min(width, 6));
    pieces.push(at);
  }
  return Buffer.concat(pieces);
}

function fixedSize(shapes: readonly Sized[], align: number): number | undefined {
  let size = 0;
  for (const shape of shapes) {
    if (shape.fixed === undefined) return undefined;
    size = up(size, shape.align) + shape.fixed;
  }
  return up(size, align);
}

const up = (at: number, align: number): number => at + ((align - (at % align)) % align);

const widthOf = (size: number): number => [1, 2, 4].find((n) => size < 256 ** n) ?? 8;

function offsetAt(all: Buffer, at: number, width: number): number {
  if (at < 0) throw new Error("A value of ostree's ends before its frame does.");
  return all.readUIntLE(at, Math.min(width, 6));
}

function slice(all: Buffer, from: number, to: number): Buffer {
  if (from > to || to > all.length) throw new Error("A value of ostree's has parts that lie outside of it.");
  return all.subarray(from, to);
}

function whole(count: number): number {
  if (!Number.isInteger(count) || count < 0) throw new Error("A list of ostree's has half an item.");
  return count;
}
