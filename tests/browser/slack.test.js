// What Slack's own client has beyond messages: threads, shortcuts, files, other windows, another day.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { demo, fits, goes, newest, passesAxe, presses, says, settled, window } from "./page.js";

test("a thread stands beside the conversation, for all there, and knows no commands", async (t) => {
  const { address } = await demo(t);
  const ana = await window(t, address, "/as/ana/c/product");
  const ben = await window(t, address, "/as/ben/c/product");
  await says(ana, "@coach how do I say no to a stakeholder?");
  const replies = ana.locator(".replies a");
  await replies.filter({ hasText: "1 reply" }).click();
  const thread = ana.locator("#thread");
  await thread.getByText("coach", { exact: true }).first().waitFor();
  await ana.waitForFunction(() => document.activeElement.id === "line-thread");

  await ben.locator(".replies a").filter({ hasText: "1 reply" }).click();
  await ben.locator("#thread .message").nth(1).waitFor();
  await says(ana, "That helps", "#line-thread");
  await ben.locator("#thread .message", { hasText: "That helps" }).waitFor();
  assert.equal(await ana.locator("#items .message", { hasText: "That helps" }).count(), 0);
  await says(ana, "@coach and to my manager?", "#line-thread");
  await ana.locator("#thread .message").nth(4).waitFor();
  await ana.locator(".replies a", { hasText: "4 replies" }).waitFor();

  await says(ana, "/coach tip", "#line-thread");
  await ana.locator(".toast", { hasText: "/coach does not work in a thread" }).waitFor();
  await ana.click("#dismiss");
  await settled(ana);

  for (const [width, height] of [[360, 740], [1280, 800]]) {
    await ana.setViewportSize({ width, height });
    await fits(ana, `a thread at ${width}`);
    await passesAxe(ana, `a thread at ${width}`);
  }
  await ana.focus("#line-thread");
  await ana.keyboard.press("Escape");
  await ana.locator("#thread").waitFor({ state: "detached" });
  await ana.waitForFunction(() => document.activeElement.id === "line");
  assert.equal(new URL(ana.url()).pathname, "/as/ana/c/product");
  await ana.goBack();
  await thread.waitFor();
});

test("in a direct message a thread is between the two of them as well", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/dm");
  await says(page, "tip");
  await newest(page).getByLabel("More about this message").click();
  await newest(page).getByRole("link", { name: "Reply in thread" }).click();
  await page.locator("#thread .root .header").waitFor();
  await says(page, "What do you mean by that?", "#line-thread");
  await page.locator("#thread .message", { hasText: "What do you mean by that?" }).waitFor();
  await page.locator(".replies a").first().waitFor();
});

test("the coach hears a mention where it was let in, and Slack says so where it was not", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/tomas/c/general");
  await says(page, "@coach are you there?");
  await page.locator(".toast", { hasText: "/invite @coach" }).waitFor();
  await says(page, "/invite @coach");
  await says(page, "@coach how do I delegate?");
  await page.locator(".replies a", { hasText: "1 reply" }).waitFor();
});

test("shortcuts work from anywhere, with the keyboard too", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  await page.focus("#shortcuts summary");
  await page.keyboard.press("Enter");
  await page.locator("#shortcuts .choices").waitFor();
  await passesAxe(page, "the shortcuts");
  await page.keyboard.press("ArrowDown");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Log evidence/);
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "Log evidence" });
  await form.waitFor();
  await page.keyboard.press("Escape");
  await form.waitFor({ state: "detached" });

  await page.click("#shortcuts summary");
  await page.getByRole("button", { name: "Get a coaching tip" }).click();
  await page.getByRole("dialog").locator(".header").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("a picture is seen, its words are read, and files are there to keep", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/dm");
  await says(page, "log Wrote the pricing memo, and both teams signed it");
  await says(page, "progress");
  await presses(page, "Send picture");
  const picture = page.locator("figure.file img");
  await picture.waitFor();
  await page.waitForFunction(() => document.querySelector("figure.file img").naturalWidth > 300);
  assert.match(await picture.getAttribute("alt"), /\w+ \w+/);
  await fits(page, "a picture");
  await passesAxe(page, "a picture");

  await says(page, "export");
  await page.locator("p.file", { hasText: ".json" }).waitFor();
  const url = new URL(await page.locator("p.file a[download$='.csv']").first().getAttribute("href"), address);
  const answer = await fetch(url);
  assert.match(answer.headers.get("content-disposition"), /^attachment/);
  assert.match(await answer.text(), /pricing memo/);
  assert.equal((await fetch(String(url).replace("/as/ana/", "/as/ben/"))).status, 404, "nobody else has it");
});

test("a button that leads elsewhere is told of as well", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  await page.context().route("https://elsewhere.example/**", (route) => route.fulfill({ body: "there" }));
  await says(page, "/coach tip");
  const first = await newest(page).locator(".header").innerText();
  // The coach has no such button today: one of its own becomes one.
  await page.evaluate(() => {
    const button = [...document.querySelectorAll("#items .button")].find((one) => one.textContent === "Another");
    const link = document.createElement("a");
    Object.assign(link, { href: "https://elsewhere.example/on", target: "_blank", textContent: "Another elsewhere" });
    link.dataset.press = button.value;
    button.before(link);
  });
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Another elsewhere" }).click();
  await (await opened).waitForURL("https://elsewhere.example/on");
  await page.waitForFunction((before) => ![...document.querySelectorAll("#items .header")].some((one) => one.textContent === before), first);
});

test("with a file for its database, another start finds what was said, sent and saved", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "rung-demo-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "kept.db");
  const first = await demo(t, "--db", file);
  const page = await window(t, first.address, "/as/ana/dm");
  await says(page, "log Wrote the pricing memo, and both teams signed it");
  await says(page, "progress");
  await presses(page, "Send picture");
  await page.locator("figure.file img").waitFor();
  await goes(page, "general");
  await says(page, "Morning, all");
  await says(page, "/coach tip");
  await presses(page, "+1 week");
  const time = await page.locator("#top .now").innerText();
  await first.stop();
  await page.getByText("The server is away").waitFor();

  const second = await demo(t, "--db", file, "--page", new URL(first.address).host);
  await page.getByText("The server is away").waitFor({ state: "hidden" });
  await page.locator("#items .message", { hasText: "Morning, all" }).waitFor();
  assert.equal(await page.locator("#top .now").innerText(), time, "time has not gone back");
  await page.locator("#items .private").waitFor({ state: "detached" });
  assert.equal(await page.locator(".dot").count(), 0, "nothing of it is news");
  await goes(page, "Messages");
  await page.waitForFunction(() => document.querySelector("figure.file img")?.naturalWidth > 300);
  await says(page, "cards");
  await newest(page).getByText("Wrote the pricing memo").first().waitFor();
  await second.stop();
});
