// Drives one browser for the Go tests: "node browser.mjs chromium|firefox PATH". Each line of standard input is a
// command, {id, open, script} or {id, page, script} or {id, close}; each line of standard output is its answer, {id, value} or {id, error}.
// A script is an expression, evaluated in the page; what it promises is awaited. The browser ends with standard input.

import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [kind, executablePath] = process.argv.slice(2);

const options = {
  chromium: {
    browser: "chrome",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-dev-shm-usage",
      "--disable-sync",
      "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
    ],
  },
  firefox: {
    browser: "firefox",
    extraPrefsFirefox: {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "media.autoplay.default": 0,
      "media.peerconnection.ice.obfuscate_host_addresses": false, // Go tests resolve no .local names
      "media.peerconnection.ice.loopback": true,
      "media.gmp-manager.updateEnabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  },
}[kind];

const browser = await puppeteer.launch({ ...options, executablePath, headless: true });
const pages = new Map();

async function carryOut({ id, open, page, close, script }) {
  if (close) return void (await pages.get(close).close());
  if (open) {
    const tab = await browser.newPage();
    pages.set(id, tab);
    tab.on("pageerror", (error) => console.error(`${open}: ${error}`)); // for the tests' log
    await tab.goto(open);
    return id;
  }
  return pages.get(page).evaluate(script);
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const answer = await carryOut(command).then(
    (value) => ({ id: command.id, value }),
    (error) => ({ id: command.id, error: String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
