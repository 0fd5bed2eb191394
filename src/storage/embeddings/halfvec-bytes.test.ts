import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { afterAll, beforeAll, expect, it } from "vitest";
import { halfvecBytes } from "./halfvec-bytes.ts";

let pglite: PGlite;
beforeAll(async () => {
  pglite = await PGlite.create({ extensions: { vector } });
  await pglite.exec("create extension vector");
});
afterAll(() => pglite.close());

it("is, bit by bit, what pgvector makes of the same numbers as text", async () => {
  const special = [
    0,
    1,
    -1,
    0.5,
    1 / 3,
    65504,
    -65504,
    6.1035e-5,
    6.0976e-5,
    5.9604645e-8,
    2.98e-8,
    2.9802322e-8,
    1e-12,
  ];
  const ties = [1 + 1 / 2048, 1 + 3 / 2048, 2 ** -24 * 1.5, 2 ** -24 * 2.5, 2048 + 1, 2048 + 3, 65519];
  let seed = 7;
  const random = Array.from({ length: 4000 }, () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647 - 0.5) * 2 ** ((seed % 40) - 25);
  });
  const values = Float32Array.from([...special, ...ties, ...random]);
  const { rows } = await pglite.query<{ bytes: Uint8Array }>("select halfvec_send($1::halfvec) as bytes", [
    `[${[...values].join(",")}]`,
  ]);
  expect(halves(halfvecBytes(values))).toEqual(halves(rows[0]!.bytes));
});

it("makes infinity of what half precision cannot hold, which pgvector then refuses", () => {
  expect(halfvecBytes(Float32Array.of(65520)).readUInt16BE(4)).toBe(0x7c00);
});

function halves(bytes: Uint8Array): readonly number[] {
  const buffer = Buffer.from(bytes);
  return Array.from({ length: buffer.length / 2 }, (_, i) => buffer.readUInt16BE(2 * i));
}
