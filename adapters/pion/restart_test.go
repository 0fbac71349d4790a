package pion_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/webrtcpeer"
)

// line is a publisher that streams to a subscriber, both connected.
type line struct {
	*testing.T
	media      ports.Media
	publisher  *webrtcpeer.Peer
	subscriber *webrtcpeer.Peer
	tags       map[domain.SessionID]string
	pictures   chan struct{}
}

// deaf is a MediaEvents that hears nothing.
type deaf struct{}

func (deaf) Connected(domain.SessionID)                  {}
func (deaf) TrackChanged(domain.SessionID, domain.Track) {}
func (deaf) Ended(domain.SessionID, domain.EndReason)    {}

// connect returns a line. edit changes the publisher's offer, of these kinds.
func connect(t *testing.T, edit func(string) string, kinds ...webrtc.RTPCodecType) *line {
	t.Helper()
	l := &line{T: t, media: open(t), tags: map[domain.SessionID]string{}, pictures: make(chan struct{}, 1)}
	l.publisher = webrtcpeer.Publisher(t, kinds...)
	publication, err := l.media.Publish(t.Context(), ports.Offer{Session: "pub", SDP: edit(l.publisher.Offer()), Events: deaf{}})
	if err != nil {
		t.Fatal(err)
	}
	l.publisher.Accept(publication.Answer)
	l.publisher.WaitConnected()
	ctx, stop := context.WithCancel(context.Background())
	var streaming sync.WaitGroup
	streaming.Go(func() { l.publisher.Stream(ctx) })
	t.Cleanup(func() { stop(); streaming.Wait() })

	l.subscriber = webrtcpeer.Subscriber(t, l.listen)
	subscription, err := l.media.Subscribe(t.Context(), ports.Offer{Session: "sub", SDP: l.subscriber.Offer(), Events: deaf{}}, publication.Tracks)
	if err != nil {
		t.Fatal(err)
	}
	l.subscriber.Accept(subscription.Answer)
	l.subscriber.WaitConnected()
	l.tags["pub"], l.tags["sub"] = publication.Tag, subscription.Tag
	fan := domain.FanOut{Room: "room", Publisher: "pub"}
	for _, track := range publication.Tracks {
		fan.Routes = append(fan.Routes, domain.Route{Track: track, Legs: []domain.Leg{{Subscriber: "sub"}}})
	}
	l.media.Route(fan)
	l.flows("at first")
	return l
}

func asItIs(offer string) string { return offer }

// undeclared takes the SSRCs out of an offer, as clients may that name none.
func undeclared(offer string) string {
	var kept strings.Builder
	for l := range strings.Lines(offer) {
		if !strings.HasPrefix(l, "a=ssrc") {
			kept.WriteString(l)
		}
	}
	return kept.String()
}

func (l *line) listen(track *webrtc.TrackRemote) {
	for {
		if _, _, err := track.ReadRTP(); err != nil {
			return
		}
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			select {
			case l.pictures <- struct{}{}:
			default:
			}
		}
	}
}

// flows checks that ten more pictures arrive.
func (l *line) flows(when string) {
	l.Helper()
	for n := range 10 {
		select {
		case <-l.pictures:
		case <-time.After(patience):
			l.Fatalf("%s: %d pictures, and no more within %v", when, n, patience)
		}
	}
}

func (l *line) patch(id domain.SessionID, tag, fragment string) (ports.ICEUpdate, error) {
	return l.media.Patch(context.Background(), id, ports.ICEPatch{Match: func(present string) bool { return present == tag }, Fragment: fragment})
}

// restart has a peer restart ICE and waits until its new session is connected.
func (l *line) restart(id domain.SessionID, peer *webrtcpeer.Peer) {
	l.Helper()
	old := l.tags[id]
	fragment := peer.Restart()
	update, err := l.patch(id, old, fragment)
	if err != nil {
		l.Fatal(err)
	}
	if update.Tag == old || update.Tag == "" || !strings.Contains(update.Fragment, "a=candidate:") {
		l.Errorf("the update of tag %s is %+v", old, update)
	}
	if _, err := l.patch(id, old, fragment); !errors.Is(err, domain.ErrTagStale) {
		l.Errorf("the old tag: %v, want stale", err)
	}
	l.tags[id] = update.Tag
	peer.Renew(update.Fragment)
	await(l.T, "the new ICE session is connected", func() bool { return peer.PC.ICEConnectionState() == webrtc.ICEConnectionStateConnected })
	select {
	case <-l.pictures: // of before
	default:
	}
}

func TestMediaGoesOnAfterRestarts(t *testing.T) {
	video := []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo}
	for name, c := range map[string]struct {
		edit  func(string) string
		kinds []webrtc.RTPCodecType
	}{
		"sound and picture":     {asItIs, nil},
		"a stream without SSRC": {undeclared, video},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := connect(t, c.edit, c.kinds...)
			for range 2 {
				l.restart("pub", l.publisher)
				l.flows("after the publisher's restart")
				l.restart("sub", l.subscriber)
				l.flows("after the subscriber's restart")
			}
			for _, id := range []domain.SessionID{"pub", "sub"} {
				if r := l.media.End(id); r.Restarts != 2 || r.Packets < 40 {
					t.Errorf("%s: %+v, want 2 restarts and 40 packets", id, r)
				}
				if _, err := l.patch(id, l.tags[id], "a=mid:0\r\n"); !errors.Is(err, domain.ErrSessionUnknown) {
					t.Errorf("a patch after End: %v", err)
				}
			}
		})
	}
}

// What is stale or no fragment changes nothing: the session's tag holds, and its
// media flows.
func TestPatchesThatChangeNothing(t *testing.T) {
	l := connect(t, asItIs)
	const other = "a=ice-ufrag:other\r\na=ice-pwd:other0other0other0other0\r\n"
	for name, c := range map[string]struct {
		tag, fragment string
		want          error
	}{
		"another tag":             {"other", other, domain.ErrTagStale},
		"the other session's":     {l.tags["sub"], other, domain.ErrTagStale},
		"a stale trickle":         {"other", "a=mid:0\r\n", domain.ErrTagStale},
		"no fragment":             {l.tags["pub"], "good morning", domain.ErrFragment},
		"half of the credentials": {l.tags["pub"], "a=ice-ufrag:other\r\n", domain.ErrFragment},
		"a trickle of nothing":    {l.tags["pub"], "a=end-of-candidates\r\n", nil},
		"candidates of no use": {l.tags["pub"], "a=candidate:1 1 udp 1 f00.local 9 typ host\r\n" +
			"a=candidate:1 1 sctp 1 192.0.2.1 9 typ host\r\na=candidate:1 1 udp x y z typ host\r\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			update, err := l.patch("pub", c.tag, c.fragment)
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%v, want %v", err, c.want)
			}
			if d := cmp.Diff(ports.ICEUpdate{}, update); d != "" {
				t.Error(d)
			}
		})
	}
	l.flows("after all that")
	l.restart("pub", l.publisher)
	l.flows("after a restart")
}

// Of restarts that come at once for one tag, exactly one is made.
func TestOneRestartForEachTag(t *testing.T) {
	media, publisher := open(t), webrtcpeer.Publisher(t)
	publication, err := media.Publish(t.Context(), ports.Offer{Session: "pub", SDP: publisher.Offer(), Events: deaf{}})
	if err != nil {
		t.Fatal(err)
	}
	tag := publication.Tag
	for round := range 3 {
		var mu sync.Mutex
		var made []string
		var all sync.WaitGroup
		for i := range 8 {
			fragment := fmt.Sprintf("a=ice-ufrag:try%d%d\r\na=ice-pwd:other0other0other0other0\r\n", round, i)
			all.Go(func() {
				update, err := media.Patch(context.Background(), "pub", ports.ICEPatch{Match: func(present string) bool { return present == tag }, Fragment: fragment})
				if err != nil {
					if !errors.Is(err, domain.ErrTagStale) {
						t.Errorf("%v, want stale", err)
					}
					return
				}
				mu.Lock()
				defer mu.Unlock()
				made = append(made, update.Tag)
			})
		}
		all.Wait()
		if len(made) != 1 || made[0] == tag {
			t.Fatalf("%q were made for %q", made, tag)
		}
		tag = made[0]
	}
	if r := media.End("pub"); r.Restarts != 3 {
		t.Errorf("%d restarts", r.Restarts)
	}
}

// More candidates than a client has are passed over, and do no harm.
func TestCandidatesAreBounded(t *testing.T) {
	l := connect(t, asItIs)
	for n := range 5 {
		var fragment strings.Builder
		for i := range 90 {
			fmt.Fprintf(&fragment, "a=candidate:%d 1 tcp 1 127.0.0.1 %d typ host tcptype passive\r\n", i, 1000+100*n+i)
		}
		if _, err := l.patch("pub", l.tags["pub"], fragment.String()); err != nil {
			t.Fatal(err)
		}
	}
	l.flows("after many candidates")
}
