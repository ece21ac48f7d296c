import { z } from "zod";
import { deliveryFiles } from "./delivery-files.ts";
import type { Json } from "./fill.ts";
import { ok, onApp, paramNumber, readBody, type Call, type Operation } from "./operation.ts";
import { found } from "./refusal.ts";
import type { Delivery } from "./state.ts";
import type { App, World } from "./world.ts";

const deliveryView = (delivery: Delivery): Json => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: delivery.deliveredAt,
  redelivery: delivery.redelivery,
  duration: delivery.duration,
  status: delivery.status,
  status_code: delivery.statusCode,
  event: delivery.event,
  action: delivery.action,
  installation_id: delivery.installation,
  repository_id: delivery.repository,
  throttled_at: null,
});

/** Newest first, a page at a time: the cursor is the id of the first one of the page. */
const listDeliveries = (call: Call & { app: App }) => {
  const { searchParams: query } = call.url;
  const size = Math.min(100, Number(query.get("per_page") ?? 30) || 30);
  const cursor = Number(query.get("cursor") ?? Infinity);
  const wanted = query.get("status");
  const all = call.world.state.deliveries
    .filter((one) => one.app === call.app.id && one.status !== "pending" && one.id <= cursor)
    .filter((one) => !wanted || (wanted === "success") === (one.statusCode >= 200 && one.statusCode < 400))
    .toReversed();
  const next = all[size];
  const link = new URL(call.url);
  if (next) link.searchParams.set("cursor", String(next.id));
  return ok(all.slice(0, size).map(deliveryView), next ? { link: `<${link.href}>; rel="next"` } : {});
};

const deliveryOf = (call: Call & { app: App }): Delivery =>
  found(
    call.world.state.deliveries.find(
      (one) => one.app === call.app.id && one.id === paramNumber(call, "delivery_id"),
    ),
  );

const getDelivery = async (call: Call & { app: App }) => {
  const delivery = deliveryOf(call);
  const { headers, payload, answer } = await deliveryFiles(call.world.dir).read(delivery.id);
  return ok({
    ...deliveryView(delivery),
    url: call.app.webhookUrl,
    request: { headers, payload },
    response: { headers: answer?.headers ?? null, payload: answer?.payload ?? null },
  });
};

const HookConfig = z.object({ url: z.string().optional(), secret: z.string().optional() });

const configView = (app: App): Json => ({
  content_type: "json",
  insecure_ssl: "0",
  secret: "********",
  url: app.webhookUrl,
});

const changeConfig = (world: World, app: App, config: z.infer<typeof HookConfig>): App => {
  const changed = {
    ...app,
    webhookUrl: config.url ?? app.webhookUrl,
    webhookSecret: config.secret ?? app.webhookSecret,
  };
  world.apps.set(app.id, changed);
  return changed;
};

export const deliveryOperations: readonly Operation[] = [
  onApp("GET /app/hook/config", ({ app }) => ok(configView(app))),
  onApp("PATCH /app/hook/config", (call) =>
    ok(configView(changeConfig(call.world, call.app, readBody(call, HookConfig, "Hook")))),
  ),
  onApp("GET /app/hook/deliveries", listDeliveries),
  onApp("GET /app/hook/deliveries/{delivery_id}", getDelivery),
  onApp("POST /app/hook/deliveries/{delivery_id}/attempts", async (call) => {
    await call.world.webhooks.again(call.world, deliveryOf(call));
    return { status: 202, body: {} };
  }),
];
