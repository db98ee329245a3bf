# Loads the rules of each state in /lab, in turn, sends a packet from a network of its
# own, and has the program look. Runs inside the tree, in a network namespace.
set -u
mkdir -p /run/dbus /run/lock
# Whatever is started here ends by itself, should nobody be left to end it.
unshare --net sleep 120 &
outside=$!
python3 - <<'END' &
import signal, socket
signal.alarm(120)
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 4444))
s.listen(50)
while True:
    s.accept()[0].close()
END
listener=$!
until [ "$(readlink /proc/$outside/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link set lo up
ip link add eth0 type veth peer name out0 netns $outside
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
nsenter --net=/proc/$outside/ns/net ip addr add 192.0.2.2/24 dev out0
nsenter --net=/proc/$outside/ns/net ip link set out0 up
for state in /lab/[0-9]*; do
  nft flush ruleset
  for table in filter mangle raw; do iptables-legacy -t $table -F; iptables-legacy -t $table -X; done
  iptables-legacy -P INPUT ACCEPT
  (. "$state/load") >"$state/log" 2>&1
  echo $? >"$state/loaded"
  nsenter --net=/proc/$outside/ns/net python3 - >"$state/packet" <<'END'
import socket
try:
    socket.create_connection(("192.0.2.1", 4444), 0.7).close()
    print("taken")
except OSError:
    print("refused")
END
  /usr/local/bin/imgcheck check --no-refresh --format json --only firewall >"$state/report"
  if [ -e "$state/undo" ]; then (. "$state/undo") >>"$state/log" 2>&1; fi
done
kill $outside $listener
