// Rounds of `kill -9`: whatever is played, every round has a number, a seed and a deadline.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { parseArgs } from "node:util";

/** A round that takes longer than this hangs. */
const ROUND_DEADLINE_MS = 60_000;

/** What the command line asks for: `--rounds 20 [--seed 7]`; without a seed any one. */
export function asked(name) {
  const { values } = parseArgs({ options: { rounds: { type: "string" }, seed: { type: "string" } } });
  const rounds = Number(values.rounds ?? 20);
  const seed = Number(values.seed ?? 0) || (Date.now() % 1_000_000) + 1;
  assert.ok(Number.isInteger(rounds) && rounds > 0, "--rounds takes a number above 0");
  console.log(`${name}: ${rounds} rounds, seed ${seed}`);
  return { name, rounds, seed };
}

/** Plays one round after the other; an error names the round, the seed and what the server said last. */
export async function playRounds({ name, rounds, seed }, shop, play) {
  for (let round = 1; round <= rounds; round += 1) {
    const deadline = new AbortController();
    await Promise.race([
      play(round).finally(() => deadline.abort()),
      after(ROUND_DEADLINE_MS, undefined, { signal: deadline.signal }).then(
        () => Promise.reject(new Error("the round hangs")),
        () => new Promise(() => {}),
      ),
    ]).catch((error) => {
      error.message = `${name}: round ${round} of seed ${seed}: ${error.message}\n${shop.errors}`;
      throw error;
    });
    if (round % 10 === 0 || round === rounds) console.log(`${name}: round ${round}`);
  }
}

/** `PRAGMA integrity_check` of every database in these folders. */
export function checkDatabases(folders) {
  const script = "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])";
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".db"))) {
      const verdict = execFileSync("python3", ["-c", script, join(folder, file)], { encoding: "utf8" }).trim();
      assert.equal(verdict, "ok", `${file} is damaged`);
    }
  }
}

/** A small generator (xorshift32): whole numbers below `limit` that follow from the seed. */
export function generator(start) {
  let state = start >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
