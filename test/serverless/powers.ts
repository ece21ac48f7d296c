import type { Question } from "./deployed.ts";
import { Statement } from "./evaluate.ts";

/** Who may do what: verdict, who, action, on what. `state/…` is a key in a bucket, `queue:`, `project:` and `log:` name the rest. */
const PLAIN = `
allow ReceiveWebhookRole s3:PutObject state/deliveries/8f3
deny  ReceiveWebhookRole s3:GetObject state/deliveries/8f3
deny  ReceiveWebhookRole s3:DeleteObject state/deliveries/8f3
deny  ReceiveWebhookRole s3:ListBucket state
deny  ReceiveWebhookRole s3:PutObject state/deliveries
deny  ReceiveWebhookRole s3:PutObject state/deliveriesX/8f3
deny  ReceiveWebhookRole s3:PutObject state/Deliveries/8f3
deny  ReceiveWebhookRole s3:PutObject state/x/deliveries/8f3
deny  ReceiveWebhookRole s3:PutObject state/runs/1/push/main/c0ffee.json
deny  ReceiveWebhookRole s3:PutObject mirror/deliveries/8f3
deny  ReceiveWebhookRole s3:PutObjectAcl state/deliveries/8f3
deny  ReceiveWebhookRole s3:PutBucketPolicy state
allow ReceiveWebhookRole sqs:SendMessage queue:EventsQueue
deny  ReceiveWebhookRole sqs:ReceiveMessage queue:EventsQueue
deny  ReceiveWebhookRole sqs:SendMessage queue:StagesQueue
deny  ReceiveWebhookRole sqs:SendMessage queue:EventsDeadLetters
deny  ReceiveWebhookRole codebuild:StartBuild project:build-untrusted-x86_64
deny  ReceiveWebhookRole kms:Sign key
deny  ReceiveWebhookRole secretsmanager:GetSecretValue *
allow ReceiveWebhookRole logs:PutLogEvents log:/aws/lambda/millwright-dev-receive-webhook
deny  ReceiveWebhookRole logs:PutLogEvents log:/aws/lambda/millwright-dev-sweep

allow DecideEventRole s3:GetObject state/deliveries/8f3
allow DecideEventRole s3:PutObject state/releases/1/nightly/20261121_01.json
deny  DecideEventRole s3:DeleteObject state/releases/1/nightly/20261121_01.json
allow DecideEventRole s3:GetObject state/turns/1/release.json
allow DecideEventRole s3:PutObject state/turns/1/release.json
deny  DecideEventRole s3:DeleteObject state/turns/1/release.json
allow DecideEventRole s3:PutObject state/pins/1/release/20261121_01
allow DecideEventRole s3:DeleteObject state/pins/1/release/20261121_01
deny  TendCalendarRole s3:DeleteObject state/pins/1/release/20261121_01
allow DecideEventRole s3:PutObject state/runs/1/pull/2/c0ffee.json
allow DecideEventRole s3:GetObject state/heads/1/pull/2
allow DecideEventRole s3:PutObject state/aliases/1.json
deny  SweepRole s3:PutObject state/aliases/1.json
allow DecideEventRole s3:GetObject mirror/acme/os/devel/debian-12/mirrorlist
allow DecideEventRole s3:GetObject mirror/acme/os/devel/debian-12/snapshots/000001/snapshot.json
deny  DecideEventRole s3:PutObject mirror/acme/os/devel/debian-12/mirrorlist
allow DecideEventRole s3:DeleteObject state/open/1/pull/2/c0ffee
allow DecideEventRole s3:PutObject state/verdicts/8f3
allow DecideEventRole s3:PutObject state/budget/2.json
deny  DecideEventRole s3:PutObject state/comments/1/7.json
deny  DispatchStageRole s3:PutObject state/budget/2.json
deny  SweepRole s3:PutObject state/budget/2.json
deny  DecideEventRole s3:DeleteObject state/waiting/publish/x
deny  DecideEventRole s3:PutObject state/deliveries/8f3
deny  DecideEventRole s3:PutObject state/built/untrusted/1/x
allow DecideEventRole s3:ListBucket state
deny  DecideEventRole s3:DeleteObject state/runs/1/pull/2/c0ffee.json
deny  DecideEventRole s3:DeleteObject state/deliveries/8f3
deny  DecideEventRole s3:DeleteObjectVersion state/open/x
deny  DecideEventRole s3:GetObject state/results/x/rpm
allow DecideEventRole s3:GetObject state/results/1/pull/7/c0ffee/source/update:greet/1/update.json
deny  DecideEventRole s3:PutObject state/results/1/pull/7/c0ffee/source/update:greet/1/update.json
deny  DecideEventRole s3:GetObject state/results/1/pull/7/c0ffee/source/greet/1/bundle.tar
deny  DecideEventRole s3:PutObject state/results/x/rpm
deny  DecideEventRole s3:PutObject mirror/acme/os/devel/current
deny  DecideEventRole s3:PutObject tools/tools/x.mjs
deny  DecideEventRole s3:ListAllMyBuckets *
allow DecideEventRole sqs:ReceiveMessage queue:EventsQueue
allow DecideEventRole sqs:DeleteMessage queue:EventsQueue
allow DecideEventRole sqs:SendMessage queue:StagesQueue
allow DecideEventRole sqs:SendMessage queue:ReportsQueue
allow DecideEventRole sqs:SendMessage queue:MailsQueue
deny  DecideEventRole sqs:SendMessage queue:BuildsQueue
allow DecideEventRole s3:PutObject state/reviews-open/1/7
deny  DecideEventRole s3:DeleteObject state/reviews-open/1/7
deny  DecideEventRole s3:PutObject state/mails/1/7.json
deny  DecideEventRole ses:SendRawEmail arn:aws:ses:eu-central-1:000000000000:identity/example.org
deny  DecideEventRole sqs:ReceiveMessage queue:StagesQueue
deny  DecideEventRole sqs:PurgeQueue queue:EventsQueue
deny  DecideEventRole codebuild:StartBuild project:source-untrusted
deny  DecideEventRole codebuild:StopBuild project:source-untrusted
deny  DecideEventRole kms:Sign key
deny  DecideEventRole iam:PassRole arn:aws:iam::000000000000:role/PublishRole
deny  DecideEventRole sts:AssumeRole arn:aws:iam::000000000000:role/PublishRole

allow DispatchStageRole s3:PutObject state/publishers/1/devel.json
allow TrackBuildRole s3:GetObject state/publishers/1/devel.json
deny  TrackBuildRole s3:PutObject state/publishers/1/devel.json
deny  DecideEventRole s3:PutObject state/publishers/1/devel.json
allow DispatchStageRole codebuild:StartBuild project:build-untrusted-x86_64
allow DispatchStageRole codebuild:StartBuild project:build-trusted-s390x
allow DispatchStageRole codebuild:StartBuild project:publish
allow DispatchStageRole codebuild:StopBuild project:source-trusted
allow DispatchStageRole codebuild:BatchGetBuilds project:publish
deny  DispatchStageRole codebuild:StartBuild project:build-untrusted-x86_64-evil
deny  DispatchStageRole codebuild:StartBuild project:build-untrusted-riscv64
deny  DispatchStageRole codebuild:StartBuild arn:aws:codebuild:eu-central-1:111111111111:project/millwright-dev-publish
deny  DispatchStageRole codebuild:StartBuild arn:aws:codebuild:eu-west-1:000000000000:project/millwright-dev-publish
deny  DispatchStageRole codebuild:StartBuildBatch project:publish
deny  DispatchStageRole codebuild:RetryBuild project:publish
deny  DispatchStageRole codebuild:UpdateProject project:publish
deny  DispatchStageRole codebuild:CreateProject project:new
deny  DispatchStageRole codebuild:ImportSourceCredentials *
deny  DispatchStageRole iam:PassRole arn:aws:iam::000000000000:role/PublishRole
allow DispatchStageRole s3:GetObject state/results/x/bundle.tar
allow DispatchStageRole s3:PutObject state/results/x/SHA256SUMS
deny  DispatchStageRole s3:DeleteObject state/results/x/SHA256SUMS
allow DispatchStageRole s3:PutObject state/locks/1/release/20261121_01.json
deny  DispatchStageRole s3:DeleteObject state/locks/1/release/20261121_01.json
allow DispatchStageRole s3:PutObject logs/1/promotion/release/20261121_01/build/1.difference.txt
deny  DispatchStageRole s3:PutObject logs/1/promotion/release/20261121_01/build/1.txt
deny  TrackBuildRole s3:PutObject state/locks/1/release/20261121_01.json
deny  DispatchStageRole s3:PutObject state/deliveries/8f3
deny  DispatchStageRole s3:PutObject mirror/acme/os/devel/current
deny  DispatchStageRole s3:PutObject tools/tools/x.mjs
deny  DispatchStageRole s3:PutObject state/built/untrusted/1/x
allow DispatchStageRole s3:DeleteObject state/waiting/publish/x
deny  DispatchStageRole kms:Sign key
deny  DispatchStageRole kms:GetPublicKey key
deny  DispatchStageRole sqs:SendMessage queue:EventsQueue

allow TrackBuildRole sqs:ReceiveMessage queue:BuildsQueue
allow TrackBuildRole codebuild:BatchGetBuilds project:build-trusted-x86_64
allow TrackBuildRole s3:GetObject state/results/x/SHA256SUMS
allow TrackBuildRole logs:GetLogEvents log:/aws/codebuild/millwright-dev-publish
deny  TrackBuildRole logs:GetLogEvents log:/aws/codebuild/another-project
allow TrackBuildRole s3:PutObject logs/1/pull/2/c0ffee/build/1.txt
allow TrackBuildRole s3:PutObject state/built/untrusted/1/x
allow TrackBuildRole s3:PutObject state/boots/1/os~2fos.kiwi/debian-12-x86_64.json
deny  DispatchStageRole s3:PutObject state/boots/1/os~2fos.kiwi/debian-12-x86_64.json
allow TrackBuildRole s3:PutObject state/graphs/debian-12/x86_64/1/devel/0a.json
allow SweepRole s3:PutObject state/graphs/debian-12/x86_64/1/devel/0a.json
allow DecideEventRole s3:GetObject state/graphs/debian-12/x86_64/1/devel/0a.json
deny  DecideEventRole s3:PutObject state/graphs/debian-12/x86_64/1/devel/0a.json
allow DecideEventRole s3:PutObject state/rebuilds/1/devel.json
allow TrackBuildRole s3:GetObject state/rebuilds/1/devel.json
allow TrackBuildRole s3:PutObject state/rebuilds-asked/1/devel
allow SweepRole s3:PutObject state/rebuilds-asked/1/devel
deny  DecideEventRole s3:GetObject state/rebuilds-asked/1/devel
deny  TrackBuildRole s3:PutObject state/rebuilds/1/devel.json
allow TendCalendarRole s3:GetObject state/rebuilds/1/devel.json
deny  TendCalendarRole s3:PutObject state/rebuilds/1/devel.json
allow TrackBuildRole sqs:SendMessage queue:EventsQueue
deny  ReportRunRole s3:GetObject state/graphs/debian-12/x86_64/1/devel/0a.json
deny  TrackBuildRole s3:DeleteObject state/graphs/debian-12/x86_64/1/devel/0a.json
deny  TrackBuildRole s3:PutObject state/results/x/SHA256SUMS
deny  TrackBuildRole s3:PutObject tools/tools/x.mjs
deny  TrackBuildRole s3:GetObject state/resurrected/x
deny  TrackBuildRole s3:GetObject state/results
deny  TrackBuildRole s3:GetObject state/deliveries/8f3
deny  TrackBuildRole s3:PutObject state/buildings/x
deny  TrackBuildRole codebuild:StartBuild project:build-trusted-x86_64
deny  TrackBuildRole codebuild:StopBuild project:build-trusted-x86_64
deny  TrackBuildRole kms:Sign key
deny  TrackBuildRole sqs:SendMessage queue:BuildsQueue

allow ReportRunRole s3:GetObject state/runs/1/pull/2/c0ffee.json
allow ReportRunRole s3:PutObject state/runs/1/pull/2/c0ffee.json
allow ReportRunRole s3:PutObject state/budget/2.json
allow ReportRunRole s3:GetObject state/comments/1/7.json
allow ReportRunRole s3:PutObject state/comments/1/7.json
allow ReportRunRole s3:GetObject state/line/build-untrusted-x86_64
allow ReportRunRole s3:GetObject state/reviews/1/7.json
deny  ReportRunRole s3:PutObject state/reviews/1/7.json
deny  ReportRunRole s3:PutObject state/line/build-untrusted-x86_64
deny  ReportRunRole s3:PutObject logs/1/pull/2/c0ffee/build/1.txt
deny  ReportRunRole s3:GetObject state/results/x/rpm
allow ReportRunRole s3:GetObject state/results/1/promotion/release/20261121_02/publish/release/1/release.json
allow ReportRunRole s3:GetObject state/announcements/1/release/20261121_02.json
allow ReportRunRole s3:PutObject state/announcements/1/release/20261121_02.json
deny  ReportRunRole s3:PutObject state/results/1/promotion/release/20261121_02/publish/release/1/release.json
deny  DispatchStageRole s3:PutObject state/announcements/1/release/20261121_02.json
deny  ReportRunRole codebuild:BatchGetBuilds project:publish
deny  ReportRunRole logs:GetLogEvents log:/aws/codebuild/millwright-dev-publish
deny  ReportRunRole s3:PutObject mirror/acme/os/devel/current
deny  ReportRunRole s3:PutObject state/results/x/rpm
deny  ReportRunRole codebuild:StartBuild project:publish
deny  ReportRunRole kms:Sign key
deny  ReportRunRole sqs:ReceiveMessage queue:EventsQueue
allow ReportRunRole sqs:SendMessage queue:MailsQueue

allow SweepRole sqs:SendMessage queue:EventsQueue
allow SweepRole codebuild:ListBuildsForProject project:build-untrusted-ppc64le
allow SweepRole s3:GetObject state/heads/1/pull/2
allow SweepRole s3:PutObject state/heads/1/branch/main
deny  SweepRole s3:GetObject state/deliveries/8f3
deny  SweepRole s3:PutObject state/heads/1/pull/2
deny  SweepRole s3:PutObject state/deliveries/8f3
deny  SweepRole s3:DeleteObject state/runs/x.json
deny  SweepRole sqs:ReceiveMessage queue:EventsDeadLetters
deny  SweepRole codebuild:StartBuild project:publish
deny  SweepRole codebuild:DeleteProject project:publish
deny  SweepRole kms:ScheduleKeyDeletion key

allow BuildUntrustedX8664Role logs:PutLogEvents log:/aws/codebuild/millwright-dev-build-untrusted-x86_64
deny  BuildUntrustedX8664Role logs:PutLogEvents log:/aws/codebuild/millwright-dev-build-trusted-x86_64
deny  BuildUntrustedX8664Role logs:PutLogEvents log:/aws/codebuild/millwright-dev-build-untrusted-x86_64-b
deny  BuildUntrustedX8664Role logs:GetLogEvents log:/aws/codebuild/millwright-dev-build-untrusted-x86_64
allow BuildUntrustedX8664Role ecr:BatchGetImage arn:aws:ecr:eu-central-1:000000000000:repository/millwright-roots/opensuse-leap
deny  BuildUntrustedX8664Role ecr:PutImage arn:aws:ecr:eu-central-1:000000000000:repository/millwright-roots/opensuse-leap
deny  BuildUntrustedX8664Role ecr:BatchGetImage arn:aws:ecr:eu-central-1:000000000000:repository/other
deny  BuildUntrustedX8664Role codebuild:StartBuild project:publish
deny  BuildUntrustedX8664Role codebuild:BatchGetBuilds project:build-untrusted-x86_64
deny  BuildUntrustedX8664Role sqs:SendMessage queue:BuildsQueue
deny  BuildUntrustedX8664Role events:PutEvents *
deny  BuildUntrustedX8664Role ssm:GetParameter *
deny  BuildUntrustedX8664Role ec2:RunInstances *
deny  BuildUntrustedX8664Role ec2:CreateNetworkInterfacePermission arn:aws:ec2:eu-central-1:000000000000:network-interface/eni-1
deny  SourceUntrustedRole ecr:GetAuthorizationToken *
allow SourceUntrustedRole logs:CreateLogStream log:/aws/codebuild/millwright-dev-source-untrusted

allow PublishRole s3:PutObject mirror/acme/os/devel/current
allow PublishRole s3:GetObject mirror/acme/os/devel/current
allow PublishRole s3:ListBucket mirror
deny  PublishRole s3:DeleteObject mirror/acme/os/devel/current
deny  PublishRole s3:DeleteObjectVersion mirror/acme/os/devel/current
deny  PublishRole s3:PutBucketPolicy mirror
deny  PublishRole s3:GetObject state/runs/1/pull/2/c0ffee.json
deny  PublishRole s3:PutObject state/results/x/published.json
allow PublishRole s3:GetObject state/results/1/nightly/nightly/20261121_02/build/image:os/leap/x86_64/oem/1/os.qcow2
deny  PublishRole s3:PutObject state/results/1/nightly/nightly/20261121_02/build/image:os/leap/x86_64/oem/1/os.qcow2
deny  PublishRole s3:GetObject state/results/1/nightly/nightly/20261121_02/build/os/leap/x86_64/1/os.rpm
deny  PublishRole s3:GetObject state/manifests/results/1/nightly/nightly/20261121_02/publish/nightly/1/manifest
deny  PublishPullRole s3:GetObject state/results/1/pull/7/c0ffee/build/image:os/leap/x86_64/oem/1/os.qcow2
deny  PublishRole s3:PutObject tools/tools/x.mjs
deny  PublishRole kms:Decrypt key
deny  PublishRole kms:PutKeyPolicy key
deny  PublishRole kms:ScheduleKeyDeletion key
deny  PublishRole sqs:SendMessage queue:EventsQueue
deny  PublishRole codebuild:StartBuild project:publish
deny  PublishRole sts:AssumeRole arn:aws:iam::000000000000:role/DispatchStageRole
deny  PublishRole s3:PutObject mirror/acme/os/pr/7/debian-12/mirrorlist
allow PublishRole s3:PutObject mirror/acme/pr/devel/debian-12/mirrorlist

allow PublishPullRole s3:PutObject mirror/acme/os/pr/7/debian-12/mirrorlist
allow PublishPullRole s3:GetObject mirror/acme/os/pr/7/debian-12/mirrorlist
allow PublishPullRole s3:PutObject mirror/acme/pr/pr/7/debian-12/mirrorlist
allow PublishPullRole s3:ListBucket mirror
deny  PublishPullRole s3:PutObject mirror/acme/os/devel/debian-12/mirrorlist
deny  PublishPullRole s3:PutObject mirror/acme/os/prelude/debian-12/mirrorlist
deny  PublishPullRole s3:PutObject mirror/acme/pr/devel/debian-12/mirrorlist
deny  PublishPullRole s3:PutObject mirror/pr/os/devel/debian-12/mirrorlist
deny  PublishPullRole s3:DeleteObject mirror/acme/os/pr/7/debian-12/mirrorlist
deny  PublishPullRole s3:PutBucketPolicy mirror
deny  PublishPullRole s3:PutObject state/x/y/pr/7
deny  PublishPullRole s3:GetObject state/results/x/rpm
deny  PublishPullRole kms:GetPublicKey key
deny  PublishPullRole kms:PutKeyPolicy pull-key
deny  PublishPullRole sts:AssumeRole arn:aws:iam::000000000000:role/PublishRole
deny  PublishPullRole codebuild:StartBuild project:publish
deny  PublishRole kms:GetPublicKey pull-key
allow PublishRole kms:GetPublicKey attestation-key
deny  PublishRole kms:PutKeyPolicy attestation-key
deny  PublishPullRole kms:GetPublicKey attestation-key
allow DispatchStageRole codebuild:StartBuild project:publish-pull
deny  DispatchStageRole kms:Sign pull-key
deny  DispatchStageRole s3:PutObject mirror/acme/os/pr/7/debian-12/mirrorlist
allow DispatchStageRole s3:PutObject state/channels/1/pr/7
deny  DispatchStageRole s3:DeleteObject state/channels/1/pr/7
allow DecideEventRole s3:PutObject state/channels/1/pr/7
allow DecideEventRole s3:PutObject state/expiring/2026-12-05T10:00:00.000Z/1/7
deny  DecideEventRole s3:DeleteObject state/expiring/2026-12-05T10:00:00.000Z/1/7
deny  DecideEventRole s3:DeleteObject mirror/acme/os/pr/7/debian-12/mirrorlist

allow TendCalendarRole s3:ListBucket mirror
allow TendCalendarRole s3:DeleteObject mirror/acme/os/pr/7/debian-12/mirrorlist
deny  TendCalendarRole s3:DeleteObject mirror/acme/os/devel/debian-12/mirrorlist
allow WatchMirrorRole s3:GetObject state/publishers/1/devel.json
allow WatchMirrorRole s3:PutObject state/canary/watched.json
deny  WatchMirrorRole s3:PutObject state/publishers/1/devel.json
deny  WatchMirrorRole s3:PutObject mirror/acme/os/devel/debian-12/mirrorlist
deny  WatchMirrorRole kms:Sign key
allow PruneMirrorRole s3:DeleteObject mirror/acme/os/devel/debian-12/snapshots/000001/repodata/repomd.xml
allow PruneMirrorRole s3:DeleteObject mirror/acme/os/devel/debian-12/pool/aa/bb/greet.rpm
allow PruneMirrorRole s3:DeleteObject mirror/acme/os/devel/ostree/objects/aa/bb.filez
deny  PruneMirrorRole s3:DeleteObject mirror/acme/os/devel/ostree/refs/heads/acme/x86_64
deny  PruneMirrorRole s3:DeleteObject mirror/acme/os/devel/ostree/summary
allow PruneMirrorRole s3:DeleteObject mirror/acme/os/nightly/releases/20261121_01/debian-12/mirrorlist
deny  PruneMirrorRole s3:DeleteObject mirror/acme/os/devel/debian-12/mirrorlist
deny  PruneMirrorRole s3:DeleteObject mirror/acme/pool/devel/debian-12/mirrorlist
deny  PruneMirrorRole s3:DeleteObjectVersion mirror/acme/os/devel/debian-12/pool/aa/bb/greet.rpm
deny  PruneMirrorRole s3:PutObject mirror/acme/os/devel/debian-12/mirrorlist
allow PruneMirrorRole s3:GetObject mirror/acme/os/devel/debian-12/mirrorlist
allow PruneMirrorRole s3:PutObject state/publishers/1/devel.json
allow PruneMirrorRole s3:PutObject state/retention/1/devel.json
allow PruneMirrorRole s3:ListBucket state
deny  PruneMirrorRole s3:PutObject state/runs/1/push/main/c0ffee.json
deny  PruneMirrorRole s3:DeleteObject state/pins/1/release/20261121_01
deny  PruneMirrorRole sqs:SendMessage queue:EventsQueue
deny  PruneMirrorRole kms:Sign key
deny  TendCalendarRole s3:DeleteObject mirror/acme/pr/devel/debian-12/mirrorlist
deny  TendCalendarRole s3:DeleteObjectVersion mirror/acme/os/pr/7/debian-12/mirrorlist
deny  TendCalendarRole s3:PutObject mirror/acme/os/pr/7/debian-12/mirrorlist
allow TendCalendarRole s3:PutObject state/upstreams/1/greet.json
allow TendCalendarRole s3:GetObject state/updates/1/greet.json
deny  TendCalendarRole s3:PutObject state/updates/1/greet.json
deny  TendCalendarRole s3:PutObject state/own-commits/1/c0ffee
allow DecideEventRole s3:PutObject state/updates/1/greet.json
allow DecideEventRole s3:PutObject state/own-commits/1/c0ffee
deny  DecideEventRole s3:DeleteObject state/own-commits/1/c0ffee
deny  DecideEventRole s3:PutObject state/upstreams/1/greet.json
deny  DispatchStageRole s3:PutObject state/own-commits/1/c0ffee
allow TendCalendarRole s3:PutObject state/channels/1/pr/7
allow TendCalendarRole s3:DeleteObject state/channels/1/pr/7
allow TendCalendarRole s3:DeleteObject state/expiring/2026-12-05T10:00:00.000Z/1/7
allow TendCalendarRole s3:GetObject state/heads/1/pull/7
allow TendCalendarRole s3:GetObject state/reviews-open/1/7
allow TendCalendarRole s3:DeleteObject state/reviews-open/1/7
deny  TendCalendarRole s3:PutObject state/reviews-open/1/7
deny  TendCalendarRole sqs:SendMessage queue:MailsQueue
deny  TendCalendarRole s3:PutObject state/heads/1/pull/7
allow TendCalendarRole s3:GetObject state/runs/1/pull/2/c0ffee.json
deny  TendCalendarRole s3:PutObject state/runs/1/pull/2/c0ffee.json
deny  TendCalendarRole s3:DeleteObject state/runs/1/pull/2/c0ffee.json
allow TendCalendarRole sqs:SendMessage queue:EventsQueue
deny  TendCalendarRole sqs:SendMessage queue:StagesQueue
deny  TendCalendarRole codebuild:StartBuild project:publish-pull
deny  TendCalendarRole kms:Sign pull-key

allow SendMailRole sqs:ReceiveMessage queue:MailsQueue
deny  SendMailRole sqs:SendMessage queue:MailsQueue
deny  SendMailRole sqs:SendMessage queue:EventsQueue
allow SendMailRole s3:GetObject state/runs/1/pull/7/c0ffee.json
deny  SendMailRole s3:PutObject state/runs/1/pull/7/c0ffee.json
allow SendMailRole s3:PutObject state/mails/1/7.json
allow SendMailRole s3:PutObject state/mails/1/channel/release.json
allow SendMailRole s3:GetObject state/announcements/1/release/20261121_02.json
deny  SendMailRole s3:PutObject state/announcements/1/release/20261121_02.json
deny  SendMailRole s3:DeleteObject state/mails/1/7.json
deny  SendMailRole s3:GetObject state/deliveries/8f3
deny  SendMailRole s3:PutObject mirror/acme/os/devel/current
deny  SendMailRole codebuild:StartBuild project:build-untrusted-x86_64
deny  SendMailRole ses:SendRawEmail arn:aws:ses:eu-central-1:000000000000:identity/example.org
deny  SendMailRole kms:Sign key

allow anonymous s3:GetObject mirror/acme/os/devel/current
allow anonymous s3:GetObject tools/tools/x.mjs
deny  anonymous s3:GetObject tools/x.mjs
deny  anonymous s3:PutObject tools/tools/x.mjs
deny  anonymous s3:ListBucket tools
allow anonymous s3:GetObject logs/1/pull/2/c0ffee/build/1.txt
deny  anonymous s3:GetObjectVersion mirror/acme/os/devel/current
deny  anonymous s3:ListBucket mirror
deny  anonymous s3:PutObject mirror/acme/os/devel/current
deny  anonymous s3:PutObject logs/1/pull/2/c0ffee/build/1.txt
deny  anonymous s3:GetObject state/tools/x.mjs
deny  anonymous s3:GetObject state/runs/1/pull/2/c0ffee.json
deny  anonymous sqs:SendMessage queue:EventsQueue
allow administrator kms:DescribeKey key
deny  administrator kms:Encrypt key
deny  events.amazonaws.com sqs:SendMessage queue:BuildsQueue
deny  events.amazonaws.com sqs:SendMessage queue:EventsQueue
`;

export interface Power extends Question {
  readonly verdict: string;
}

const plain: readonly Power[] = PLAIN.split("\n").flatMap((line): readonly Power[] => {
  const [verdict, who, action, on] = line.trim().split(/\s+/);
  return verdict && who && action && on ? [{ verdict, who, action, on }] : [];
});

const PKCS1 = { "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256" };
const ECDSA = { "kms:SigningAlgorithm": "ECDSA_SHA_256" };
const OPENED = Statement.parse({ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" });
const START = { who: "DispatchStageRole", action: "codebuild:StartBuild" };
const OFFLINE = "project:build-untrusted-x86_64";
const deny = (question: Question): Power => ({ verdict: "deny", ...question });
const allow = (question: Question): Power => ({ verdict: "allow", ...question });

/** What turns on the circumstances: who signs by what, what a start of a build brings along, which way it comes. */
const circumstances: readonly Power[] = [
  allow({ who: "PublishRole", action: "kms:Sign", on: "key", context: PKCS1 }),
  deny({ who: "PublishRole", action: "kms:Sign", on: "key" }),
  deny({
    who: "PublishRole",
    action: "kms:Sign",
    on: "key",
    context: { "kms:SigningAlgorithm": "RSASSA_PSS_SHA_256" },
  }),
  allow({ who: "PublishPullRole", action: "kms:Sign", on: "pull-key", context: PKCS1 }),
  deny({ who: "PublishPullRole", action: "kms:Sign", on: "pull-key" }),
  allow({ who: "PublishRole", action: "kms:Sign", on: "attestation-key", context: ECDSA }),
  deny({ who: "PublishRole", action: "kms:Sign", on: "attestation-key", context: PKCS1 }),
  deny({ who: "PublishRole", action: "kms:Sign", on: "attestation-key" }),
  deny({ who: "PublishRole", action: "kms:Sign", on: "key", context: ECDSA }),
  ...([[], [OPENED]] as const).flatMap((added) =>
    ["PublishPullRole", "DispatchStageRole", "TendCalendarRole", "administrator"].map((who) =>
      deny({ who, action: "kms:Sign", on: "attestation-key", context: ECDSA, added }),
    ),
  ),
  // Neither publisher signs with the other's key, also where somebody has opened that to all.
  ...([[], [OPENED]] as const).flatMap((added) => [
    deny({ who: "PublishPullRole", action: "kms:Sign", on: "key", context: PKCS1, added }),
    deny({ who: "PublishRole", action: "kms:Sign", on: "pull-key", context: PKCS1, added }),
    deny({ who: "TendCalendarRole", action: "kms:Sign", on: "pull-key", context: PKCS1, added }),
  ]),
  deny({ who: "administrator", action: "kms:Sign", on: "key", context: PKCS1 }),
  deny({ who: "administrator", action: "kms:Sign", on: "pull-key", context: PKCS1, added: [OPENED] }),
  // Also where somebody has opened the key's policy to all: what denies stands.
  deny({ who: "administrator", action: "kms:Sign", on: "key", context: PKCS1, added: [OPENED] }),
  deny({ who: "DispatchStageRole", action: "kms:Sign", on: "key", context: PKCS1, added: [OPENED] }),
  deny({ who: "PublishRole", action: "kms:Sign", on: "key", added: [OPENED] }),

  ...[
    "codebuild:source.buildspec",
    "codebuild:environment.privilegedMode",
    "codebuild:serviceRole",
    "codebuild:environment.type",
    "codebuild:environment.computeType",
    "codebuild:environment.fleet.fleetArn",
    "codebuild:environment.registryCredential",
    "codebuild:source.location",
    "codebuild:secondarySources",
    "codebuild:artifacts",
    "codebuild:cache",
    "codebuild:logsConfig",
  ].map((key) => deny({ ...START, on: OFFLINE, context: { [key]: "x" } })),
  allow({ ...START, on: OFFLINE, context: { "codebuild:environment.image": "root" } }),
  deny({ ...START, on: "project:publish", context: { "codebuild:environment.image": "root" } }),
  deny({ ...START, on: "project:source-untrusted", context: { "codebuild:environment.image": "root" } }),
  allow({
    ...START,
    on: OFFLINE,
    context: { "codebuild:environment.environmentVariables.name": ["MILLWRIGHT_JOB", "MILLWRIGHT_MANIFEST"] },
  }),
  deny({
    ...START,
    on: OFFLINE,
    context: { "codebuild:environment.environmentVariables.name": ["MILLWRIGHT_JOB", "LD_PRELOAD"] },
  }),

  deny({
    who: "DispatchStageRole",
    action: "s3:GetObject",
    on: "state/results/x",
    context: { "aws:SecureTransport": "false" },
  }),
  deny({
    who: "anonymous",
    action: "s3:GetObject",
    on: "mirror/acme/os/devel/current",
    context: { "aws:SecureTransport": "false" },
  }),
  deny({
    who: "ReceiveWebhookRole",
    action: "sqs:SendMessage",
    on: "queue:EventsQueue",
    context: { "aws:SecureTransport": "false" },
  }),

  allow({ who: "DispatchStageRole", action: "s3:GetObject", on: "state/results/x", via: "S3Endpoint" }),
  allow({ who: "DispatchStageRole", action: "s3:PutObject", on: "state/results/x", via: "S3Endpoint" }),
  deny({ who: "TrackBuildRole", action: "s3:GetObject", on: "state/results/x", via: "S3Endpoint" }),
  deny({ who: "PublishRole", action: "s3:PutObject", on: "mirror/x", via: "S3Endpoint" }),
  allow({ who: "anonymous", action: "s3:GetObject", on: "mirror/x", via: "S3Endpoint" }),
  deny({ who: "anonymous", action: "s3:PutObject", on: "mirror/x", via: "S3Endpoint" }),
  // A tree's builder fetches our own program, as anybody may.
  allow({ who: "anonymous", action: "s3:GetObject", on: "tools/tools/x.mjs", via: "S3Endpoint" }),
  deny({ who: "anonymous", action: "s3:PutObject", on: "tools/tools/x.mjs", via: "S3Endpoint" }),
  deny({
    who: "administrator",
    action: "s3:GetObject",
    on: "arn:aws:s3:::somebody-else/x",
    via: "S3Endpoint",
  }),
  deny({
    who: "administrator",
    action: "s3:PutObject",
    on: "arn:aws:s3:::somebody-else/x",
    via: "S3Endpoint",
  }),

  allow({
    who: "events.amazonaws.com",
    action: "sqs:SendMessage",
    on: "queue:BuildsQueue",
    context: { "aws:SourceArn": "arn:aws:local:eu-central-1:000000000000:BuildStateRule" },
  }),
  allow({
    who: "events.amazonaws.com",
    action: "sqs:SendMessage",
    on: "queue:BuildsDeadLetters",
    context: { "aws:SourceArn": "arn:aws:local:eu-central-1:000000000000:BuildPhaseRule" },
  }),
  deny({
    who: "events.amazonaws.com",
    action: "sqs:SendMessage",
    on: "queue:BuildsQueue",
    context: { "aws:SourceArn": "arn:aws:events:eu-central-1:111111111111:rule/another" },
  }),
];

const ZONES = ["Untrusted", "Trusted"];
const BUILDERS = ZONES.flatMap((zone) => [
  `Source${zone}Role`,
  ...["X8664", "Aarch64", "S390x", "Ppc64le"].map((arch) => `Build${zone}${arch}Role`),
  `Upgrade${zone}X8664Role`,
]);

/** What no builder that touches a repository's content may do, whoever else allows it. */
const FORBIDDEN = [
  ["s3:GetObject", "state/results/x"],
  ["s3:PutObject", "state/results/x"],
  ["s3:ListBucket", "state"],
  ["s3:GetObject", "mirror/acme/os/devel/current"],
  ["s3:PutObject", "mirror/acme/os/devel/current"],
  ["s3:GetObject", "arn:aws:s3:::somebody-else/x"],
  ["s3:PutObject", "mirror/acme/os/pr/7/debian-12/mirrorlist"],
  ["kms:Sign", "key"],
  ["kms:Sign", "pull-key"],
  ["kms:Sign", "attestation-key"],
  ["kms:GetPublicKey", "key"],
  ["kms:GetPublicKey", "pull-key"],
  ["sts:AssumeRole", "arn:aws:iam::000000000000:role/PublishRole"],
  ["secretsmanager:GetSecretValue", "*"],
] as const;

const builders = BUILDERS.flatMap((who) =>
  FORBIDDEN.map(([action, on]) =>
    deny({
      who,
      action,
      on,
      context: action === "kms:Sign" ? (on === "attestation-key" ? ECDSA : PKCS1) : {},
    }),
  ),
);

export const POWERS: readonly Power[] = [...plain, ...circumstances, ...builders];
