// A client of a running Easel without any package: for browsers, and for Node from version 20 on.
//
//   const studio = new Easel("http://localhost:7860");
//   const faces = await studio.call("faces", { count: 4, seed: 7 });   // [{ url, path, ... }]
//   const photo = await studio.upload(blob, "photo.jpg");
//   const large = await studio.call("upscale", { picture: photo, factor: 2 });

export class Easel {
  constructor(address) {
    this.root = `${address.replace(/\/$/, "")}/gradio_api`;
  }

  // The answer of endpoint `name`; settings that are not given keep their defaults.
  async call(name, settings = {}) {
    const started = await this.#json(`/call/v2/${name}`, { method: "POST", body: JSON.stringify(settings) });
    const answer = await fetch(`${this.root}/call/v2/${name}/${started.event_id}`);
    const lines = (await answer.text()).trim().split("\n");
    const kind = lines.findLast((line) => line.startsWith("event: ")).slice(7).trim();
    const last = JSON.parse(lines.findLast((line) => line.startsWith("data: ")).slice(6));
    if (kind !== "complete") throw new Error(last?.error ?? last ?? "Easel could not do it.");
    return last[0];
  }

  // Bring a file to the studio; the result is given as the setting that wants it.
  async upload(blob, name) {
    const form = new FormData();
    form.append("files", blob, name);
    const [path] = await this.#json("/upload", { method: "POST", body: form });
    return { path, orig_name: name, meta: { _type: "gradio.FileData" } };
  }

  async #json(route, options = {}) {
    const headers = typeof options.body === "string" ? { "content-type": "application/json" } : {};
    const answer = await fetch(this.root + route, { ...options, headers });
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.error ?? content.detail?.error ?? `Easel answered ${answer.status}.`);
    return content;
  }
}
