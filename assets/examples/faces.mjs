// Four faces from a running Easel: node faces.mjs http://127.0.0.1:7860 "smiling woman"
import { Easel } from "./web/easel.mjs";

const [address, prompt] = process.argv.slice(2);
for (const file of await new Easel(address).call("faces", { count: 4, seed: 7, prompt })) console.log(file.url);
