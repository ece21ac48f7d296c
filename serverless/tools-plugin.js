import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { allTools } from "./tools.ts";

/** Leaves the stages' tools in .serverless/tools/ and puts them where the deployed projects fetch them from. */
class ToolsPlugin {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = {
      "after:package:finalize": () => this.write(),
      // After the first deployment's bucket is there; names are digests, so the tools of running builds stay.
      "after:aws:deploy:deploy:updateStack": () => this.upload(),
    };
  }

  async write() {
    for (const { key, body } of await allTools()) {
      const file = path.join(this.serverless.serviceDir, ".serverless", key);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, body);
    }
  }

  async upload() {
    const provider = this.serverless.getProvider("aws");
    const region = provider.getRegion();
    const { StackResourceDetail } = await provider.request("CloudFormation", "describeStackResource", {
      StackName: provider.naming.getStackName(),
      LogicalResourceId: "ToolsBucket",
    });
    const { credentials } = await provider.getCredentials();
    const s3 = new S3Client({ region, credentials });
    for (const { key, body } of await allTools()) {
      const bucket = StackResourceDetail.PhysicalResourceId;
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: "text/javascript" }),
      );
    }
  }
}

// osls takes plugins by `require`, which gives a module's export of this name.
export { ToolsPlugin as "module.exports" };
