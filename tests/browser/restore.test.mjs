// E5 for the customer: the server comes back from a backup while Ana's page is open. What she wrote since is the shop's
// again, once; what she had read stays where it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { ANA, Customer } from "./customer.mjs";
import { MINA, Shop, THEO } from "./shop.mjs";
import { Staff } from "./staff.mjs";

/** A test that waits for what never comes fails. */
const LIMITED = { timeout: 120_000 };
const SHOWN = ["Hello", "Hi there", "Do you gift-wrap?", "We do"];

for (const [from, when] of [
  ["before her first message", 0],
  ["the middle of her conversation", 2],
]) {
  test(`a backup from ${from}`, LIMITED, async (t) => {
    const shop = await Shop.open();
    t.after(() => shop.close());
    const ana = await Customer.arrive(shop.profile("browser"), shop.address);
    t.after(() => ana.closeBrowser());
    const theo = await Staff.signIn(shop, THEO);
    const backup = join(shop.folder, "backup");
    for (const [place, text] of SHOWN.entries()) {
      if (place === when) shop.admin("backup", backup);
      if (place % 2 === 0) {
        await ana.writes(text);
        await ana.sent(text);
      } else {
        await theo.does("send", (await theo.row(ANA)).id, text);
        await ana.sees(text);
      }
    }
    assert.deepEqual(await texts(ana), SHOWN);

    await shop.kill();
    shop.admin("restore", backup);
    await shop.serve();

    // A device that was not there before sees what the server holds.
    const mina = await Staff.signIn(shop, MINA);
    await until(async () => (await said(mina)).filter(([who]) => who === "customer").length === 2);
    const hers = (await said(mina)).filter(([who]) => who === "customer").map(([, text]) => text);
    assert.deepEqual(hers, ["Hello", "Do you gift-wrap?"]);
    assert.deepEqual(await texts(ana), SHOWN);

    await mina.does("send", (await mina.row(ANA)).id, "Here again");
    await ana.sees("Here again");
    await ana.writes("Good");
    await ana.sent("Good");
    assert.deepEqual(await texts(ana), [...SHOWN, "Here again", "Good"]);
    await ana.reload();
    assert.deepEqual(await texts(ana), [...SHOWN, "Here again", "Good"]);
    const all = (await said(mina)).map(([, text]) => text);
    for (const text of ["Hello", "Do you gift-wrap?", "Here again", "Good"]) {
      assert.equal(all.filter((other) => other === text).length, 1, text);
    }
  });
}

function texts(customer) {
  return customer.page.locator("shopbell-chat .message .text").allTextContents();
}

/** What stands in Ana's conversation, as `[who, text]`; nothing while there is none. */
async function said(staff) {
  await staff.does("sync");
  const row = await staff.row(ANA);
  if (!row) return [];
  const { rows } = await staff.does("show", row.id);
  return rows.filter(({ text }) => text).map(({ author, text }) => [author, text]);
}

async function until(isSo) {
  const end = AbortSignal.timeout(LIMITED.timeout);
  while (!(await isSo())) {
    end.throwIfAborted();
    await new Promise((later) => setTimeout(later, 200));
  }
}
