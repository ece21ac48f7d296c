// What serverless.yml takes from code: osls loads .js files only, so this one passes the typed ones on.
export { alarms } from "./alarms.ts";
export { builders } from "./builders.ts";
export { deployment } from "./deployment.ts";
export { doorRoles } from "./door-roles.ts";
export { keys } from "./keys.ts";
export { queues } from "./queues.ts";
