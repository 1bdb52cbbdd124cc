// The README's pictures. Letters are drawn differently from machine to machine, so pixels prove nothing: each
// picture carries the words that stood on the page when it was taken, and a mark of the page's style. Every run
// plays the stories anew, and a picture whose words or style are no longer the page's fails. To draw them anew:
//
//   RUNG_PICTURES=write tests/browser/run pictures.test.js
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import test from "node:test";
import { demo, docs, goes, newest, presses, says, settled, window } from "./page.js";
import { fingerprint, read, words, write } from "./png.js";

const isWriting = process.env.RUNG_PICTURES === "write";
const templates = new URL("../../templates/page/", import.meta.url), assets = new URL("../../src/local/page/assets/", import.meta.url);
const style = fingerprint(
  ...readdirSync(templates).sort().map((name) => readFileSync(new URL(name, templates), "utf8")),
  ...["page.css", "icon.svg"].map((name) => readFileSync(new URL(name, assets), "utf8")),
);

async function taken(page, millis = 0) {
  await page.mouse.move(0, 0);
  const text = await page.locator("body").innerText();
  const typed = await page.evaluate(() => [...document.querySelectorAll("textarea, input:not([type=hidden])")].map((one) => one.value).filter(Boolean));
  const shot = isWriting ? read(await page.screenshot({ animations: "disabled", caret: "hide" })) : null;
  return { ...shot, millis, words: [text, ...typed].join("\n") };
}

function holds(name, frames, most) {
  const path = `${docs}pictures/${name}.png`;
  const now = [`style ${style}`, ...frames.map((frame) => frame.words)].join("\n\n");
  if (isWriting) {
    mkdirSync(`${docs}pictures`, { recursive: true });
    writeFileSync(path, write(frames, now));
  }
  const kept = readFileSync(path);
  assert.ok(kept.length < most, `${name} has ${kept.length} bytes`);
  assert.equal(words(kept), now, `${path} is stale: RUNG_PICTURES=write tests/browser/run pictures.test.js draws it anew`);
}

test("the pictures in the README show the three stories as they are", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general", { viewport: { width: 1120, height: 800 }, locale: "en-GB" });
  await says(page, "Morning. The pricing review moved to *Thursday*.");
  await says(page, "/coach tip");
  await presses(page, "Not now");
  await page.locator("#line").evaluate((line) => line.blur());
  holds("ask", [await taken(page)], 200 * 1024);

  await says(page, "/coach nudge on");
  await presses(page, "Next nudge");
  await goes(page, "Messages");
  await page.emulateMedia({ colorScheme: "dark" });
  holds("be-nudged", [await taken(page)], 200 * 1024);

  await page.emulateMedia({ colorScheme: "light" });
  await says(page, "log");
  await presses(page, "Open the form");
  const form = page.getByRole("dialog");
  await form.getByLabel("What did you do?").fill("Wrote the pricing memo, and both teams signed it on Thursday.");
  await form.getByLabel("What changed because of it?").fill("One price list instead of three.");
  await page.setViewportSize({ width: 390, height: 760 });
  holds("log", [await taken(page)], 100 * 1024);
});

test("the moving picture shows a challenge from the question to the proof, and the nudge after it", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general", { viewport: { width: 960, height: 720 }, locale: "en-GB" });
  const frames = [];
  const frame = async (millis) => {
    // What is longer than the window is read from its top.
    await page.locator("#items").evaluate((list) => {
      if (list.lastElementChild?.offsetHeight > list.clientHeight) list.lastElementChild.scrollIntoView({ block: "start" });
    });
    frames.push(await taken(page, millis));
  };
  const types = async (line) => {
    for (const part of [line.slice(0, Math.ceil(line.length / 2)), line]) {
      await page.fill("#line", part);
      await frame(part === line ? 900 : 500);
    }
    await says(page, line);
  };
  await frame(900);
  await types("/coach challenge");
  await frame(3200);
  await presses(page, "Take it on");
  const form = page.getByRole("dialog");
  const plan = form.locator("textarea").first();
  await plan.waitFor();
  await frame(1800);
  await form.getByRole("button", { name: "Take it on" }).click();
  await form.waitFor({ state: "detached" });
  await goes(page, "Messages");
  await newest(page).getByText("It is yours").waitFor();
  await frame(2600);
  await types("done Drew the map, and both leads signed who owns the gap");
  await newest(page).getByText("evidence saved").waitFor();
  await frame(3200);
  await says(page, "nudge on");
  await presses(page, "Next nudge");
  await settled(page);
  await newest(page).getByText("Your weekly nudge").waitFor();
  await frame(3600);
  holds("rung", frames, 1024 * 1024);
});
