"""Four faces from a running Easel: python faces.py http://127.0.0.1:7860 "smiling woman" """

import sys

from gradio_client import Client

address, prompt = sys.argv[1:3]
for path in Client(address, verbose=False).predict(count=4, seed=7, prompt=prompt, api_name="/faces"):
    print(path)
