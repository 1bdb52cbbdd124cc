// The pictures in the README, made anew at every run, so that they cannot go stale.
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import test from "node:test";
import { demo, docs, presses, says, settled, window } from "./page.js";

const most = 300 * 1024;

test("the pictures for the README are small and show the three stories", async (t) => {
  mkdirSync(`${docs}pictures`, { recursive: true });
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general", { viewport: { width: 1120, height: 760 } });
  const keep = async (name, screen = page) => {
    const path = `${docs}pictures/${name}.png`;
    await screen.mouse.move(0, 0);
    await screen.screenshot({ path, animations: "disabled", caret: "hide" });
    assert.ok(statSync(path).size < most, `${name} has ${statSync(path).size} bytes`);
  };
  await says(page, "Morning. The pricing review moved to *Thursday*.");
  await says(page, "/coach tip");
  await page.locator("#line").evaluate((line) => line.blur());
  await keep("ask");

  await says(page, "/coach nudge on");
  await presses(page, "Next nudge");
  await page.click("#to-Messages");
  await settled(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await keep("be-nudged");

  await page.emulateMedia({ colorScheme: "light" });
  await says(page, "log");
  await presses(page, "Open the form");
  const form = page.getByRole("dialog");
  await form.getByLabel("What did you do?").fill("Wrote the pricing memo, and both teams signed it on Thursday.");
  await form.getByLabel("What changed because of it?").fill("One price list instead of three.");
  await page.setViewportSize({ width: 390, height: 760 });
  await keep("log");
});
