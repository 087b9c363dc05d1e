#!/bin/sh
# A picture enlarged by a running Easel: enlarge.sh http://127.0.0.1:7860 photo.jpg larger.png
# Where a login is asked for, first: curl -c jar -d "username=ann&password=..." ADDRESS/login, then -b jar at each call.
set -eu
api="$1/gradio_api"
path=$(curl -sSf -F "files=@$2" "$api/upload" | cut -d '"' -f 2)
picture="{\"path\": \"$path\", \"meta\": {\"_type\": \"gradio.FileData\"}}"
event=$(curl -sSf -H "Content-Type: application/json" -d "{\"picture\": $picture, \"factor\": 2}" "$api/call/v2/upscale" | cut -d '"' -f 4)
url=$(curl -sSf "$api/call/v2/upscale/$event" | sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' | tail -n 1)
curl -sSf -o "$3" "$url"
