// The three main stories, clicked through from an empty start.
import assert from "node:assert/strict";
import test from "node:test";
import { demo, newest, presses, says, settled, window } from "./page.js";

test("somebody asks for a tip, and nobody else sees it", async (t) => {
  const { address } = await demo(t);
  const ana = await window(t, address, "/as/ana/c/general");
  const ben = await window(t, address, "/as/ben/c/general");
  await says(ana, "/coach tip");
  assert.match(await newest(ana).innerText(), /Only visible to you/);
  const first = await newest(ana).locator(".header").innerText();
  await presses(ana, "Another");
  assert.notEqual(await newest(ana).locator(".header").innerText(), first);

  await says(ana, "Who owns the pricing page?");
  await ben.getByText("Who owns the pricing page?").waitFor();
  assert.equal(await ben.getByText("Only visible to you").count(), 0);
  assert.equal(await ben.locator(".message").count(), 1);
});

test("somebody is nudged, in their own zone, and takes it on", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/mei/dm");
  await says(page, "nudge on");
  assert.match(await page.locator("#top").innerText(), /17:00/);
  const before = await page.locator("#items > * .message").count();
  await presses(page, "Next nudge");
  await page.waitForFunction((n) => document.querySelectorAll("#items > * .message").length > n, before);
  assert.match(await page.locator("#top").innerText(), /Wed 4 Mar 2026 10:0/);
  assert.match(await newest(page).innerText(), /Your weekly nudge/);
  assert.match(await newest(page).locator("time").first().innerText(), /^10:0/);

  const title = await newest(page).locator(".header").innerText();
  await presses(page, "Take it on");
  const form = page.getByRole("dialog", { name: "Take it on" });
  await form.getByLabel("Done by").fill("2026-03-11");
  await form.getByRole("button", { name: "Take it on" }).click();
  await form.waitFor({ state: "detached" });
  await newest(page).getByText("It is yours").waitFor();
  assert.ok((await newest(page).innerText()).includes(title));
  await says(page, "done Two of the three ideas wait now, and both teams know why");
  await newest(page).getByText("evidence saved").first().waitFor();

  // It comes again, and in a channel it shows as a dot.
  await page.click("#to-general");
  await settled(page);
  await presses(page, "+1 week");
  await page.locator("#to-Messages .dot").waitFor();
});

test("somebody logs evidence, and Slack's own complaints come first", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  await says(page, "/coach log");
  const form = page.getByRole("dialog", { name: "Log evidence" });
  await form.waitFor();
  await form.getByLabel("Link").fill("https://memo.example/pricing");
  await form.getByRole("button", { name: "Save" }).click();
  await settled(page);
  const what = form.getByLabel("What did you do?");
  assert.equal(await what.getAttribute("aria-invalid"), "true");
  assert.equal(await form.locator(".error").innerText(), "Please complete this required field.");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-invalid")), "true");
  assert.equal(await form.getByLabel("Link").inputValue(), "https://memo.example/pricing", "what was typed stays");

  await what.fill("Wrote the pricing memo & got <both> teams to agree");
  await form.getByRole("button", { name: "Save" }).click();
  await settled(page);
  assert.equal(await form.count(), 0);
  await page.click("#to-Messages");
  await page.getByText("Wrote the pricing memo & got <both> teams to agree").first().waitFor();
});

test("what the coach itself finds wrong in a form stands under its field", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  await says(page, "/coach challenge");
  await presses(page, "Take it on");
  const form = page.getByRole("dialog", { name: "Take it on" });
  const day = form.getByLabel("Done by");
  assert.equal(await day.inputValue(), "2026-03-09");
  await day.fill("2026-02-01");
  await form.getByRole("button", { name: "Take it on" }).click();
  await settled(page);
  assert.equal(await day.getAttribute("aria-invalid"), "true");
  const error = await page.locator(`#${(await day.getAttribute("aria-describedby")).split(" ")[0]}`).innerText();
  assert.match(error, /has passed/);
  await day.fill("2026-03-06");
  await form.getByRole("button", { name: "Take it on" }).click();
  await settled(page);
  assert.equal(await form.count(), 0);
  assert.deepEqual(await page.locator(".refused").count(), 0);
});

test("App Home shows where somebody stands, and a message becomes evidence from its menu", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  await page.click("#to-Home");
  await settled(page);
  await page.locator("form.home .header").first().waitFor();
  assert.equal(await page.locator(".refusal").count(), 0);

  await page.click("#to-general");
  await settled(page);
  await says(page, "We agreed on one price list today");
  await newest(page).getByLabel("More about this message").click();
  await newest(page).getByRole("button", { name: "Save as evidence" }).click();
  await settled(page);
  const form = page.getByRole("dialog");
  assert.match(await form.getByLabel("What did you do?").inputValue(), /one price list/);
  await form.getByRole("button", { name: "Save" }).click();
  await settled(page);
  assert.equal(await form.count(), 0);
  await page.click("#to-Home");
  await settled(page);
  await page.locator("form.home", { hasText: "1" }).first().waitFor();
});
