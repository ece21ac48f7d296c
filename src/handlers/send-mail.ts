import { MailsMessage, Thread } from "../bot/mails.ts";
import { sendMail } from "../flow/tell/send-mail.ts";
import { Announcement } from "../pipelines/release/announcement.ts";
import { Run } from "../pipelines/run.ts";
import { s3Client, sesClient } from "../platform/aws/clients.ts";
import { githubClients } from "../platform/github/client.ts";
import { octokitGitHub } from "../platform/github/github.ts";
import { sesMail } from "../platform/mail/ses.ts";
import { smtpMail } from "../platform/mail/smtp.ts";
import { readEnv } from "./environment.ts";
import { clock, logOf, onQueue } from "./lambda.ts";
import { appOf, deploymentOf, recordsOf } from "./powers.ts";

// mails queue -> mailing lists. The only door that sends mail; asks GitHub whom to tell, and writes nothing there.
const env = readEnv(process.env, ["STATE_BUCKET", "APP_ID", "PRIVATE_KEY", "DEPLOYMENT"]);
const log = logOf("send-mail");
const deployment = deploymentOf(env);
const app = appOf(env, deployment);
const s3 = s3Client();
const smtp = deployment.mail?.smtp;

export const handler = onQueue(
  (body) => MailsMessage.parse(body),
  sendMail({
    github: octokitGitHub(githubClients(app), app.appId),
    runs: recordsOf(s3, env.STATE_BUCKET, Run),
    announcements: recordsOf(s3, env.STATE_BUCKET, Announcement),
    threads: recordsOf(s3, env.STATE_BUCKET, Thread),
    mail: smtp === undefined ? sesMail(sesClient()) : smtpMail({ url: smtp, log }),
    deployment,
    clock,
    log,
  }),
  log,
);
