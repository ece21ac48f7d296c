import type { GitHubWatch } from "../../ports-github.ts";
import { type Clients, READS } from "./client.ts";

/** A delivery is asked for again this often; what fails then is not the network's fault. */
const REDELIVERIES = 4;

/** What the sweep asks: heads to compare, and deliveries that GitHub could not hand over. */
export function githubWatch(clients: Clients): GitHubWatch {
  return {
    async repositories() {
      const found = [];
      for (const { id, suspended_at } of await clients.app.paginate(
        clients.app.rest.apps.listInstallations,
      )) {
        // A suspended installation gives no tokens.
        if (suspended_at) continue;
        const octokit = await clients.installed(id);
        const listed = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation);
        for (const repo of listed)
          found.push({
            id: repo.id,
            node: repo.node_id,
            owner: repo.owner.login,
            ownerId: repo.owner.id,
            name: repo.name,
            installation: id,
            private: repo.private,
            defaultBranch: repo.default_branch,
          });
      }
      return found;
    },
    async openPulls(at) {
      const octokit = await clients.in(at, READS);
      const where = { owner: at.owner, repo: at.name, state: "open", per_page: 100 } as const;
      const pulls = await octokit.paginate(octokit.rest.pulls.list, where);
      return pulls.map(({ number, head }) => ({ number, sha: head.sha }));
    },
    async failedDeliveries() {
      const { app } = clients;
      const listed = await app.paginate(app.rest.apps.listWebhookDeliveries, { per_page: 100 });
      const byGuid = Map.groupBy(listed, ({ guid }) => guid);
      return [...byGuid.values()]
        .filter((tries) => !tries.some(({ status_code: code }) => code >= 200 && code < 300))
        .filter((tries) => tries.length <= REDELIVERIES)
        .flatMap(([newest]) => (newest ? [newest.id] : []));
    },
    async redeliver(delivery) {
      await clients.app.rest.apps.redeliverWebhookDelivery({ delivery_id: delivery });
    },
  };
}
