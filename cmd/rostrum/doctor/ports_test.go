package doctor

import (
	"context"
	"net"
	"testing"

	"rostrum/adapters/pion/transport"
	"rostrum/cmd/rostrum/config"
)

// listens takes a TCP port, and the UDP port of the same number, until the test ends.
func listens(t *testing.T) (address string) {
	t.Helper()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		socket, err := net.ListenPacket("udp", l.Addr().String())
		if err != nil { // somebody has that one
			l.Close()
			continue
		}
		t.Cleanup(func() { l.Close(); socket.Close() })
		return l.Addr().String()
	}
}

func TestPorts(t *testing.T) {
	taken := listens(t)
	nobody := &instance{running: func() bool { return false }}
	ours := &instance{url: "http://127.0.0.1:8080", running: func() bool { return true }}
	web := func(addr string, now *instance) func(context.Context) Result {
		return httpPort(config.HTTP{Addr: addr}, now)
	}
	udp := func(addr string, now *instance) func(context.Context) Result {
		return udpPort(config.WebRTC{UDPAddr: addr}, now)
	}
	tcp := func(addr string, now *instance) func(context.Context) Result {
		return tcpPort(config.WebRTC{TCPAddr: addr}, now)
	}
	for name, c := range map[string]struct {
		run func(context.Context) Result
		wants
	}{
		"HTTP, free":               {web("127.0.0.1:0", nobody), wants{OK, "is free", ""}},
		"HTTP, another program's":  {web(taken, nobody), wants{Fail, "address already in use", "ss -lpn -A tcp"}},
		"HTTP, our server's":       {web(taken, ours), wants{OK, "a Rostrum answers at", ""}},
		"HTTP, no address of ours": {web("192.0.2.99:8080", nobody), wants{Fail, "cannot assign", "ip -brief address"}},
		"UDP, free":                {udp("127.0.0.1:0", nobody), wants{OK, "a datagram arrives at 127.0.0.1:", ""}},
		"UDP, free on all":         {udp(":0", nobody), wants{OK, "a datagram arrives at", ""}},
		"UDP, another program's":   {udp(taken, nobody), wants{Fail, "address already in use", "give webrtc.udp_addr another port"}},
		"UDP, our server's":        {udp(taken, ours), wants{OK, "a Rostrum answers", ""}},
		"UDP, none":                {udp("", nobody), wants{Warn, "by TCP alone", ":8189"}},
		"UDP, no address of ours":  {udp("192.0.2.99:0", nobody), wants{Fail, "cannot assign", "ip -brief address"}},
		"TCP, free":                {tcp("127.0.0.1:0", nobody), wants{OK, "takes connections", ""}},
		"TCP, another program's":   {tcp(taken, nobody), wants{Fail, "address already in use", "ss -lpn"}},
		"TCP, none":                {tcp("", nobody), wants{Warn, "cannot take part", ":8189"}},
		"announced, our own":       {announced(config.WebRTC{}, ownAddress(t)), wants{OK, "this machine's own", ""}},
		"announced, behind a NAT":  {announced(config.WebRTC{UDPAddr: ":8189", TCPAddr: ":8189"}, "203.0.113.9"), wants{Warn, "forward UDP 8189 and TCP 8189", "nc -vz 203.0.113.9 8189"}},
		"live, nobody there": {func(ctx context.Context) Result {
			return newInstance(config.HTTP{Addr: "127.0.0.1:1"}).probe(ctx, "/healthz")
		}, wants{Fail, "no server answers at http://127.0.0.1:1", "Start it"}},
		"live, who knows where": {func(ctx context.Context) Result { return newInstance(config.HTTP{Addr: ":0"}).probe(ctx, "/healthz") }, wants{Fail, "port 0", "Give http.addr a port"}},
		"live, another's, silent": {func(ctx context.Context) Result {
			return newInstance(config.HTTP{Addr: silentServer(t)}).probe(ctx, "/healthz")
		}, wants{Fail, "no server answers", "Start it"}},
		"webhook, there":             {webhook("http://" + taken + "/hooks/s3cr3t"), wants{OK, "takes connections", ""}},
		"webhook, nobody there":      {webhook("http://127.0.0.1:1/hooks/s3cr3t?s3cr3t"), wants{Fail, "connection refused", "receiver"}},
		"webhook, no TLS there":      {webhook("https://" + silentServer(t) + "/s3cr3t"), wants{Fail, "cannot be reached", "certificate"}},
		"webhook, of unknown scheme": {webhook("https://[::1"), wants{Fail, "cannot be read", "webhooks.urls"}},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, see(t, c.run, "s3cr3t")) })
	}
}

// ownAddress is one of this machine's.
func ownAddress(t *testing.T) string {
	t.Helper()
	places, err := transport.Addresses("", ":0")
	if err != nil || len(places) == 0 {
		t.Fatalf("%v, %v", places, err)
	}
	return places[0].Addr().String()
}

// silentServer takes connections, and closes each when it has said something.
func silentServer(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 1))
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String()
}
