// The same command in Bolt for JavaScript: signature checked by Bolt, a tip out of memory, nothing written down.
import bolt from "@slack/bolt";
import { readFileSync } from "node:fs";

const tips = JSON.parse(readFileSync(new URL("../tips.json", import.meta.url)));
const receiver = new bolt.HTTPReceiver({ signingSecret: process.env.SLACK_SIGNING_SECRET, endpoints: ["/slack/commands"] });
const app = new bolt.App({
  receiver,
  // No call to Slack for each request: the comparison is of the two servers.
  authorize: async () => ({ botToken: "xoxb-bench", botId: "B0BENCH", botUserId: "U0BENCH" }),
});
let asked = 0;
app.command("/coach", async ({ ack }) => {
  await ack(tips[asked++ % tips.length]);
});
await app.start({ port: Number(process.env.PORT), host: "127.0.0.1" });
