// Starts the real demo and a real browser, and says what a person would do.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const docs = `${root}docs/`;
const program = process.env.RUNG ?? `${root}target/debug/rung`;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  env: { ...process.env, FONTCONFIG_FILE: fileURLToPath(new URL("fonts.conf", import.meta.url)) },
  args: ["--headless", "--lang=en-GB", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
after(() => browser.close());

/// A workspace of its own, on a Monday morning in Berlin.
export async function demo(t, ...more) {
  const args = ["demo", "--at", "2026-03-02T09:00", ...more];
  if (!more.includes("--page")) args.push("--page", "127.0.0.1:0");
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => server.kill());
  const address = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (data) => {
      said += data;
      const found = said.match(/In a browser: (\S+)/);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`the demo ended with ${code}: ${said}`)));
  });
  return { address, stop: () => new Promise((resolve) => { server.on("exit", resolve); server.kill(); }) };
}

/// A window of somebody's. Whatever the page complains about fails the test.
export async function window(t, address, path = "/", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  t.after(() => context.close());
  // Machines that are busy with other things are slow, not wrong.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => { if (message.type() === "error" && !/ERR_|Failed to load/.test(message.text())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith(address)) complaints.push(`asks for ${request.url()}`); });
  t.after(() => assert.deepEqual(complaints, []));
  await page.goto(address.replace(/\/$/, "") + path);
  return page;
}

export async function says(page, line, where = "#line") {
  await page.fill(where, line);
  await page.press(where, "Enter");
  await settled(page);
}

/// Goes to a place of the sidebar, by its name.
export async function goes(page, place) {
  await page.click(`#to-${place}`);
  await settled(page);
}

/// Nothing is on its way any more.
export async function settled(page) {
  await page.waitForFunction(() => !document.body.hasAttribute("data-busy"));
}

export async function presses(page, name) {
  await page.getByRole("button", { name, exact: true }).last().click();
  await settled(page);
}

export const newest = (page) => page.locator("#items > *").last();

/// Nothing serious by axe, light and dark.
export async function passesAxe(page, what) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    // From the debugger's side: the page's own policy lets no such script in.
    const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
    const lines = found.violations.map((one) => `${one.impact} ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
    assert.deepEqual(lines, [], `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/// Nothing sticks out to the side.
export async function fits(page, what) {
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= seen, `${what}: ${wide} px wide in ${seen}`);
}
