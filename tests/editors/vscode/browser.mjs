// A browser that does what it is told on standard input, one JSON array a line: [what, ...arguments].
// It answers each with one line: {"value": ...} or {"error": "..."}.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [executablePath, width, height] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: Number(width), height: Number(height) } });
// Two slow cores that others use too take their time to load a page; what is there is found at once.
page.setDefaultTimeout(90_000);

const first = (selector) => page.locator(selector).first();
const DOES = {
  open: (url) => page.goto(url),
  press: (key) => page.keyboard.press(key),
  type: (text, delay) => page.keyboard.type(text, { delay }),
  click: (selector) => first(selector).click(),
  hover: (selector) => first(selector).hover(),
  wait: (selector, state) => first(selector).waitFor({ state }),
  texts: (selector) => page.locator(selector).allTextContents(),
  // Also in what an extension shows, which is a page in a frame of its own.
  reads: async (words) => {
    const texts = await Promise.all(page.frames().map((frame) => frame.evaluate("document.body?.innerText").catch(() => "")));
    return texts.some((text) => text?.includes(words));
  },
  attribute: (selector, name) => first(selector).getAttribute(name),
  picture: (path, clip) => page.screenshot({ path, clip: clip ?? undefined }),
  evaluate: (code) => page.evaluate(code),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [what, ...args] = JSON.parse(line);
  let answer;
  try {
    const value = await DOES[what](...args);
    // A page's answer to `open` and a picture's bytes are nothing to tell.
    answer = { value: ["texts", "reads", "attribute", "evaluate"].includes(what) ? (value ?? null) : null };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
