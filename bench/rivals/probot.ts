import { probotHandler, send } from "./probot-app.ts";

// Probot verifies, the AWS SDK sends.
export const handler = probotHandler(send);
