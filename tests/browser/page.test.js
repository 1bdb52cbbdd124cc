// The page itself: keyboard, hostile text, other windows, restarts, what stands behind it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { demo, fits, goes, newest, passesAxe, says, settled, window } from "./page.js";

test("everything works with the keyboard alone", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  const { keyboard } = page;
  const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const tabTo = async (name, back = false) => {
    for (let n = 0; n < 60; n += 1) {
      if ((await focus()) === name) return;
      await keyboard.press(back ? "Shift+Tab" : "Tab");
    }
    assert.fail(`Tab never reaches ${name}`);
  };
  await keyboard.press("/");
  assert.equal(await focus(), "line");
  await keyboard.type("ti");
  assert.equal(await page.locator("#hints [role=option]:visible").count(), 1);
  await keyboard.press("Tab");
  assert.equal((await page.inputValue("#line")).trim(), "/coach tip");
  await keyboard.press("Enter");
  await page.locator(".private").waitFor();
  await settled(page);

  const shift = true;
  const another = await page.getByRole("button", { name: "Another" }).getAttribute("id");
  await tabTo(another, shift);
  await keyboard.press("Enter");
  await settled(page);
  assert.equal(await focus(), another, "the focus stays where it was pressed");

  await tabTo("line");
  await keyboard.type("/coach log");
  await keyboard.press("Escape");
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  assert.match(await focus(), /-f$/, "the first field has the focus");
  await keyboard.type("Ran the review");
  await tabTo("form-submit");
  await keyboard.press("Enter");
  await settled(page);
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.equal(await focus(), "line", "the focus comes back");

  await keyboard.type("/coach log");
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await keyboard.press("Escape");
  await settled(page);
  assert.equal(await page.getByRole("dialog").count(), 0);
  await tabTo("to-Messages", shift);
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "coach", level: 1 }).waitFor();
});

test("hostile text is drawn as text", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/dm");
  const hostile = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "<javascript:alert(3)|click> javascript:alert(4) [x](javascript:alert(5))",
    "\u202Edrowssap\u202C \u2066isolated",
    "🦊".repeat(3000).slice(0, 4000),
    "*".repeat(2000),
    "</textarea></form><style>*{display:none}</style>\"' onfocus=alert(6) autofocus x='",
  ];
  for (const line of hostile) await says(page, line);
  await page.click("#to-general");
  await settled(page);
  await page.goBack();
  await settled(page);
  const drawn = await page.locator("#items").innerText();
  for (const line of hostile) assert.ok(drawn.includes(line), line.slice(0, 60));
  assert.equal(await page.locator("#items script, #items style, #items [onerror], #items a[href^='javascript']").count(), 0);
  await fits(page, "hostile text");

  await says(page, "/coach log");
  const form = page.getByRole("dialog");
  await form.getByLabel("What did you do?").fill(hostile[0]);
  await form.getByLabel("Link").fill(hostile[5].slice(0, 300));
  await form.getByRole("button", { name: "Save" }).click();
  await settled(page);
  await page.click("#to-Messages");
  await page.locator("#items blockquote", { hasText: hostile[0] }).first().waitFor();
});

test("the page goes on by itself when the server comes back", async (t) => {
  const first = await demo(t);
  const page = await window(t, first.address, "/as/ben/c/product");
  await page.getByRole("heading", { name: "#product" }).waitFor();
  await first.stop();
  await page.getByText("The server is away").waitFor();
  await demo(t, "--page", new URL(first.address).host);
  await page.getByText("The server is away").waitFor({ state: "hidden" });
  await says(page, "/coach tip");
  await page.locator(".private").waitFor();
});

test("behind a message stand its request, its calls and a curl that works", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  await says(page, "/coach tip");
  await newest(page).getByLabel("More about this message").click();
  await newest(page).getByText("Look behind it").click();
  await page.getByRole("heading", { name: "Behind one message" }).waitFor();
  const all = await page.locator("#items").innerText();
  assert.match(all, /ana: \/coach tip/);
  assert.match(all, /users\.info/);
  assert.match(all, /"trigger_id": "••••••"/);
  assert.match(all, /x-slack-signature\s+v0=••••••/);
  assert.doesNotMatch(all, /xoxb/);
  const curl = await (await fetch(new URL(await page.locator("[data-copy]").first().getAttribute("data-copy"), address))).text();
  assert.doesNotMatch(curl, /xoxb/);
  assert.match(execFileSync("sh", ["-c", curl.replace("curl -i", "curl -si")], { encoding: "utf8" }), /HTTP\/1.1 200[\s\S]*ephemeral/);
});

test("an answer that comes late does not lead anybody back", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/dm");
  const ben = await window(t, address, "/as/ben/c/general");
  // What the page asks of its own accord is held back until somebody has gone elsewhere.
  let hold;
  const held = new Promise((resolve) => { hold = resolve; });
  await page.route("**/as/ana/dm", hold);
  await says(ben, "Morning, all");
  const late = await held;
  await goes(page, "product");
  await page.getByRole("heading", { name: "#product" }).waitFor();
  await late.continue();
  await says(ben, "Anybody here?");
  await page.locator("#to-general .dot").waitFor();
  await page.getByRole("heading", { name: "#product" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/as/ana/c/product");
});

test("a prompt that is saved shows at once, with what is wrong in it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "rung-prompts-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "tips"));
  const file = join(folder, "tips", "ask-advice.md");
  const original = readFileSync(new URL("../../prompts/tips/ask-advice.md", import.meta.url), "utf8");
  writeFileSync(file, original.replace(/^title: .*/m, "title: Write down today's win"));
  const { address } = await demo(t, "--prompts", folder);
  const page = await window(t, address, "/as/ana/writing/ask-advice");
  await page.locator(".sheet .header", { hasText: "Write down today's win" }).waitFor();
  writeFileSync(file, original.replace(/^title: .*/m, "title: Keep one win before you go home"));
  await page.locator(".sheet .header", { hasText: "Keep one win before you go home" }).waitFor();
  writeFileSync(file, original.replace(/^why: /m, "wyh: "));
  await page.locator(".flaws .wrong", { hasText: "stops the coach" }).first().waitFor();
  assert.match(await page.locator(".flaws").innerText(), /ask-advice\.md:\d+/);
  await passesAxe(page, "writing, with problems");
});

test("no view has anything serious by axe, and all fit from 360 px to 4k", async (t) => {
  const { address } = await demo(t);
  const page = await window(t, address, "/as/ana/c/general");
  const looks = async (what) => {
    await passesAxe(page, what);
    for (const [width, height] of [[360, 740], [768, 1024], [3840, 2160], [1280, 800]]) {
      await page.setViewportSize({ width, height });
      await fits(page, `${what} at ${width}`);
    }
  };
  await looks("an empty channel");
  await says(page, "/coach tip");
  await says(page, "/coach script");
  await page.fill("#line", "/");
  await looks("a conversation, completing");
  await page.fill("#line", "");
  await says(page, "/nothing");
  await page.locator(".toast").waitFor();
  await looks("a toast");
  await says(page, "/coach log");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await settled(page);
  await looks("a form with an error");
  await page.keyboard.press("Escape");
  await settled(page);
  for (const place of ["#to-Messages", "#to-Requests", "#to-Writing"]) {
    await page.click(place);
    await settled(page);
    await looks(place);
  }
  await page.locator(".shelf li a").first().click();
  await settled(page);
  await looks("a prompt");
  if (await page.locator("#to-Home").count()) {
    await page.click("#to-Home");
    await settled(page);
    await looks("App Home");
  }
});

test("nothing from elsewhere runs, and other pages cannot act here", async (t) => {
  const { address } = await demo(t);
  const front = await fetch(`${address}as/ana/dm`);
  const policy = front.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  assert.doesNotMatch(await front.text(), / style=| on[a-z]+=|<script>|https?:\/\/(?!127)/);
  const post = (headers) => fetch(`${address}as/ana/time`, { method: "POST", body: "by=day", headers, redirect: "manual" });
  assert.equal((await post({ origin: "https://elsewhere.example" })).status, 403);
  assert.equal((await post({})).status, 303);
});
