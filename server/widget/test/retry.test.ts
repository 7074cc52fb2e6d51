import assert from "node:assert/strict";
import { test } from "node:test";
import { Retry, RETRY_AFTER_LONGEST_MS, RETRY_FIRST_MS, RETRY_LONGEST_MS, retryDelay } from "../src/retry.ts";
import { Tab, World } from "./world.ts";

function retrying() {
  const world = new World();
  const runs: number[] = [];
  const started_ms = world.now_ms;
  const retry: Retry = new Retry(world.env(new Tab(world, "Ana")), () =>
    runs.push(world.now_ms - started_ms),
  );
  return { world, retry, runs };
}

test("a delay doubles with each attempt, up to the longest, and is at least half of that", () => {
  assert.equal(retryDelay(0, 0), RETRY_FIRST_MS / 2);
  assert.equal(retryDelay(0, 0.5), RETRY_FIRST_MS * 0.75);
  assert.equal(retryDelay(3, 0), RETRY_FIRST_MS * 4);
  assert.equal(retryDelay(1_000, 0.999_999) <= RETRY_LONGEST_MS, true);
  assert.equal(retryDelay(1_000, 0), RETRY_LONGEST_MS / 2);
});

test("success starts the delays from the first again", async () => {
  const { world, retry, runs } = retrying();
  for (let attempt = 0; attempt < 10; attempt += 1) retry.failed(0);
  retry.succeeded();
  await world.pass(RETRY_LONGEST_MS);
  assert.deepEqual(runs, []);
  const before_ms = world.now_ms;
  retry.failed(0);
  await world.pass(RETRY_FIRST_MS);
  assert.equal(runs.length, 1);
  assert.equal(world.now_ms - before_ms, RETRY_FIRST_MS);
});

test("hope runs it at once, but never before the end of the server's own delay", async () => {
  const { world, retry, runs } = retrying();
  retry.failed(0);
  retry.hurry();
  assert.deepEqual(runs, [0]);
  retry.failed(7_000);
  retry.hurry();
  await world.pass(6_999);
  retry.hurry();
  assert.deepEqual(runs, [0]);
  await world.pass(1);
  assert.deepEqual(runs, [0, 7_000]);
});

test("a server cannot silence a browser for longer than an hour", async () => {
  const { world, retry, runs } = retrying();
  retry.failed(1e15);
  await world.pass(RETRY_AFTER_LONGEST_MS);
  assert.deepEqual(runs, [RETRY_AFTER_LONGEST_MS]);
});
