// Lines of a process as they come, kept until somebody asks for them.

/** The lines of a stream, in order; `ended` once there are no more. */
export function lines(stream) {
  const kept = { all: [], ended: false, waiting: new Set() };
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop();
    kept.all.push(...parts);
    for (const wake of kept.waiting) wake();
  });
  stream.on("close", () => {
    kept.ended = true;
    for (const wake of kept.waiting) wake();
  });
  return kept;
}

/** The first line, from `from` on, that is what is `wanted`; undefined when the stream ends without one. */
export async function next(kept, wanted, from = 0) {
  for (let at = from; ; ) {
    for (; at < kept.all.length; at += 1) if (wanted(kept.all[at])) return kept.all[at];
    if (kept.ended) return undefined;
    await new Promise((resolve) => {
      const wake = () => {
        kept.waiting.delete(wake);
        resolve();
      };
      kept.waiting.add(wake);
    });
  }
}
