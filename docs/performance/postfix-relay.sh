#!/usr/bin/env bash
# Measures Postfix as a durable relay: smtp-source -> Postfix -> smtp-sink, all on loopback, with a
# configuration and a queue of its own in a temporary folder. Run as root, with Debian's postfix
# installed (the system's own Postfix is neither used nor touched).
#
#   docs/performance/postfix-relay.sh [MAILS] [BYTES] [SESSIONS] [FOLDER]
set -euo pipefail
mails="${1:-10000}" bytes="${2:-5000}" sessions="${3:-16}" folder="${4:-$PWD}"
in_port=21910 out_port=21911
base="$(mktemp -d "$folder/postfix-bench.XXXXXX")"
mkdir -p "$base/etc" "$base/queue" "$base/data"
chmod 755 "$base"
chown postfix "$base/data"
sink_pid=""
finish() {
  postfix -c "$base/etc" stop > /dev/null 2>&1 || true
  [[ -n "$sink_pid" ]] && kill "$sink_pid" 2> /dev/null || true
  rm -rf "$base"
}
trap finish EXIT

cat > "$base/etc/main.cf" << CONF
compatibility_level = 3.6
queue_directory = $base/queue
data_directory = $base/data
maillog_file = $base/maillog
maillog_file_prefixes = $base
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:$out_port
disable_dns_lookups = yes
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
default_destination_concurrency_limit = $sessions
initial_destination_concurrency = $sessions
smtp_connection_cache_destinations = [127.0.0.1]:$out_port
CONF
cp /etc/postfix/master.cf "$base/etc/master.cf" 2> /dev/null || cp /usr/share/postfix/master.cf.dist "$base/etc/master.cf"
sed -i -E "s/^(smtp +inet .*)/127.0.0.1:$in_port inet n - n - - smtpd/; s/^([a-z]+ +(unix|fifo|inet) +[-yn] +[-yn] +)y/\1n/" "$base/etc/master.cf"
postfix -c "$base/etc" start > /dev/null 2>&1
smtp-sink -u nobody "127.0.0.1:$out_port" 1000 > /dev/null 2>&1 &
sink_pid=$!
sleep 1
start="$(date +%s.%N)"
smtp-source -s "$sessions" -m "$mails" -l "$bytes" -f erp@example.org -t customer@example.com \
  "127.0.0.1:$in_port"
taken="$(date +%s.%N)"
while [[ -n "$(find "$base/queue/incoming" "$base/queue/active" "$base/queue/deferred" -type f -print -quit)" ]]; do
  sleep 0.1
done
end="$(date +%s.%N)"
awk -v n="$mails" -v a="$start" -v b="$taken" -v c="$end" 'BEGIN {
  printf "postfix    %d mails: accepted at %.0f a second, relayed at %.0f a second end to end\n", n, n / (b - a), n / (c - a) }'
if grep -q "status=deferred\|status=bounced\|fatal" "$base/maillog"; then
  grep -m3 "status=deferred\|status=bounced\|fatal" "$base/maillog"
  exit 1
fi
