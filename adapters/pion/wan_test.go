package pion_test

import (
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/transport/v5/vnet"

	"rostrum/ports/porttest/webrtcpeer"
)

// Addresses of a wan's two ends.
const (
	atHome = "10.0.0.2"
	abroad = "10.0.0.1"
)

// wan is a slow network, which can lose packets, between one client and the server.
// It is a virtual one, whose far end is bridged to a real socket.
type wan struct {
	*testing.T
	home   *vnet.Net
	far    *vnet.Net
	router *vnet.Router
	losses []*vnet.LossFilter

	once     sync.Once
	bridging sync.WaitGroup
}

// building is held while a network is made: vnet numbers its interfaces without a
// lock.
var building sync.Mutex

// newWAN returns a network that takes a time each way. What it loses follows from
// the seed.
func newWAN(t *testing.T, delay time.Duration, seed int64) *wan {
	t.Helper()
	building.Lock()
	defer building.Unlock()
	logs := logging.NewDefaultLoggerFactory()
	router, err := vnet.NewRouter(&vnet.RouterConfig{CIDR: "10.0.0.0/24", MinDelay: delay, LoggerFactory: logs})
	if err != nil {
		t.Fatal(err)
	}
	w := &wan{T: t, router: router}
	w.home = w.attach(router, atHome, seed)
	w.far = w.attach(router, abroad, seed+1)
	if err := router.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = router.Stop() })
	return w
}

func (w *wan) attach(router *vnet.Router, ip string, seed int64) *vnet.Net {
	w.Helper()
	nic, err := vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{ip}})
	if err != nil {
		w.Fatal(err)
	}
	loss, err := vnet.NewLossFilter(nic, 0, vnet.WithLossSeed(seed))
	if err != nil {
		w.Fatal(err)
	}
	if err := router.AddNet(loss); err != nil {
		w.Fatal(err)
	}
	w.losses = append(w.losses, loss)
	return nic
}

// lose has the network lose so many percent, each way, from now on.
func (w *wan) lose(percent int) {
	w.Helper()
	for _, loss := range w.losses {
		if err := loss.SetLossRate(percent, true); err != nil {
			w.Fatal(err)
		}
	}
}

// over has a client use the network and nothing else.
func over(w *wan) option {
	return func(r *recipe) {
		r.setting.SetNet(w.home)
		r.setting.SetIncludeLoopbackCandidate(false)
		r.offer = append(r.offer, webrtcpeer.WithoutCandidates) // the server has no way to them
		r.answer = append(r.answer, w.reach)
	}
}

var serverPort = regexp.MustCompile(` udp \d+ 127\.0\.0\.1 (\d+) `)

// reach returns an answer whose candidate is the far end, which it bridges to the
// server.
func (w *wan) reach(answer string) string {
	w.Helper()
	found := serverPort.FindStringSubmatch(answer)
	if found == nil {
		w.Fatalf("the answer has no candidate on loopback:\n%s", answer)
	}
	port, err := strconv.Atoi(found[1])
	if err != nil {
		w.Fatal(err)
	}
	w.once.Do(func() { w.bridge(port) })
	return strings.ReplaceAll(answer, " 127.0.0.1 ", " "+abroad+" ")
}

// bridge carries packets between the far end and the server until the test is over.
func (w *wan) bridge(port int) {
	w.Helper()
	virtual, err := w.far.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(abroad), Port: port})
	if err != nil {
		w.Fatal(err)
	}
	actual, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		w.Fatal(err)
	}
	clients := make(chan net.Addr, 1) // who it is that the server talks to
	w.bridging.Go(func() {
		defer close(clients)
		for b, known := make([]byte, 1500), false; ; {
			n, from, err := virtual.ReadFrom(b)
			if err != nil {
				return
			}
			if !known {
				clients <- from
				known = true
			}
			_, _ = actual.Write(b[:n])
		}
	})
	w.bridging.Go(func() {
		client, ok := <-clients
		for b := make([]byte, 1500); ok; {
			n, err := actual.Read(b)
			if err != nil {
				return
			}
			_, _ = virtual.WriteTo(b[:n], client)
		}
	})
	w.Cleanup(func() {
		_ = virtual.Close()
		_ = actual.Close()
		w.bridging.Wait()
	})
}
