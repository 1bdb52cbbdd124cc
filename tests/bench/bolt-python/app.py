"""The same command in Bolt for Python, on aiohttp: signature checked by Bolt, a tip out of memory, nothing written down."""
import itertools
import json
import logging
import os
import pathlib

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

logging.disable(logging.WARNING)
tips = itertools.cycle(json.loads((pathlib.Path(__file__).parent.parent / "tips.json").read_text()))


async def authorize(enterprise_id, team_id):
    # No call to Slack for each request: the comparison is of the two servers.
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench", bot_user_id="U0BENCH")


app = AsyncApp(signing_secret=os.environ["SLACK_SIGNING_SECRET"], authorize=authorize)


@app.command("/coach")
async def tip(ack):
    await ack(next(tips))


web.run_app(app.web_app(path="/slack/commands"), host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None)
