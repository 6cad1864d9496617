#!/usr/bin/env bash
# start.sh [PORT] [FOLDER] runs one Apache Kafka for tests on the loopback
# interface, in the foreground, until it is told to stop. PORT is 29092 where
# none is given; the controller takes the next one. Messages live in FOLDER and
# stay there; without one they live in a temporary folder and are gone at exit.
# Needs JDK 17 or newer and Maven, which brings the Kafka named in pom.xml.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
jars=$here/../../build/kafka
port=${1:-29092}
controller=$((port + 1))

# The class path is resolved once, and again when pom.xml changes.
if [[ ! $jars/.complete -nt $here/pom.xml ]]; then
  rm -rf "$jars"
  mvn -B -q -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory="$jars"
  touch "$jars/.complete"
fi

work=$(mktemp -d)
folder=${2:-$work/log}
kafka=
stop() {
  if [[ -n $kafka ]] && kill "$kafka" 2>/dev/null; then wait "$kafka" || true; fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 143' INT TERM

cat >"$work/server.properties" <<EOF
node.id=1
process.roles=broker,controller
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:$controller
log.dirs=$folder
# One broker holds everything, and a lone consumer need not wait for company.
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
EOF

java=(java -Xms128m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.level=ERROR -cp "$jars/*")
"${java[@]}" kafka.tools.StorageTool format --ignore-formatted --cluster-id outcry-test-kafka-1234 --config "$work/server.properties" >"$work/format.log" ||
  { cat "$work/format.log" >&2; exit 1; }
"${java[@]}" kafka.Kafka "$work/server.properties" &
kafka=$!
wait "$kafka"
