# Stands for every stage's build: reads the manifest as the real stages do, leaves a few canned files. The log shows
# these lines too, so none of them looks like trouble.
set -eu
curl -sSf --output manifest --url "$MILLWRIGHT_MANIFEST"
if [ -n "$prompter" ]; then
  curl -sSf --get --data-urlencode "attempt=$MILLWRIGHT_JOB" --output said --url "$prompter"
  tail -n +2 said
  [ "$(head -n 1 said)" = go ]
fi
mkdir out
cd out
case $MILLWRIGHT_JOB in
  *'#build/slow'*'#1') sleep 60 ;;
  *'#build/broken'*'#1') printf 'greet.c:7:3: %s: expected a statement\n' error; exit 1 ;;
esac
case $MILLWRIGHT_JOB in
  *'#source/'*)
    # Releases of one commit have the same sources; other runs have their own, so that nothing is taken from others.
    case $MILLWRIGHT_JOB in
      */nightly/* | */promotion/*) sed 's/.*"head":"\([^"]*\)".*/sources of \1/' ../manifest > bundle.tar ;;
      *) printf 'sources of %s\n' "$MILLWRIGHT_JOB" > bundle.tar ;;
    esac
    printf '{"name":"greet","epoch":1767225600}\n' > facts.json ;;
  *'#build/'*)
    printf 'built by %s\n' "$CODEBUILD_BUILD_ID" > greet-1.0.0-1.x86_64.rpm
    case $MILLWRIGHT_JOB in
      */promotion/*'#build/otherwise'*) of=other ;;
      *) of=same ;;
    esac
    printf 'greet-1.0.0-1.x86_64\tfile\t/usr/bin/greet\t%s\n' "$of" > contents.tsv
    if [ -n "$prompter" ] && [ "$(wc -l < ../said)" -gt 1 ]; then tail -n +2 ../said > contents.tsv; fi ;;
  *)
    # What tells how often a run was published, and the pointer that clients follow.
    where=$(sed 's/.*"mirror":{"bucket":"\([^"]*\)","prefix":"\([^"]*\)".*/\1\/\2/' ../manifest)
    run=$(sed 's/.*"run":"\([^"]*\)".*/\1/' ../manifest)
    put() {
      curl -sSf --output /dev/null --aws-sigv4 "aws:amz:$AWS_REGION:s3" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
        --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --request PUT --data-binary "$2" --url "$AWS_ENDPOINT_URL_S3/$where/$1"
    }
    put "snapshots/${CODEBUILD_BUILD_ID#*:}" "$run"
    put pointer "$run"
    printf '{"snapshot":"%s"}\n' "${CODEBUILD_BUILD_ID#*:}" > facts.json
    case $run in
      */promotion/* | */rollback/*)
        target=$(sed 's/.*"targets":\[{"target":"\([^"]*\)".*/\1/' ../manifest)
        printf '{"targets":[{"target":"%s","snapshot":"%s","packages":[]}]}\n' "$target" "$(date +%s)" > published.json ;;
    esac ;;
esac
sha256sum -- * > ../SHA256SUMS
mv ../SHA256SUMS .
case $MILLWRIGHT_JOB in
  *'#build/'*)
    url=$(sed -n 's/^upload //p' ../manifest)
    sed -n 's/^field \([^ ]*\) \(.*\)/\1=\2/p' ../manifest > ../fields ;;
  *)
    url=$(sed 's/.*"upload":{"url":"\([^"]*\)".*/\1/' ../manifest)
    sed 's/.*"fields":{"//; s/"}.*//; s/","/\n/g' ../manifest | sed 's/":"/=/' > ../fields ;;
esac
sed 's/.*/form-string = "&"/' ../fields > ../form
for file in $(ls | grep -v SHA256SUMS) SHA256SUMS; do
  curl -sSf --output /dev/null --config ../form --form "file=@$file" --url "$url"
done
