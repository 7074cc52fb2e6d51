// A network that can be cut: a TCP proxy in front of the server.
import { connect, createServer } from "node:net";

export class Network {
  static async before(address) {
    const network = new Network();
    const { hostname, port } = new URL(address);
    network.up = true;
    network.sockets = new Set();
    network.server = createServer((near) => {
      if (!network.up) return near.destroy();
      const far = connect({ host: hostname, port });
      for (const [one, other] of [[near, far], [far, near]]) {
        network.sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          network.sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise((resolve) => network.server.listen(0, "127.0.0.1", resolve));
    network.address = `http://127.0.0.1:${network.server.address().port}`;
    return network;
  }

  /** Ends every connection and lets no new one through. */
  cut() {
    this.up = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend() {
    this.up = true;
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
