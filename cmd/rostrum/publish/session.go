package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/clip"
)

const (
	gatherTimeout  = 5 * time.Second
	connectTimeout = 15 * time.Second
	deleteTimeout  = 3 * time.Second
	reportEvery    = 10 * time.Second
)

// session is one WHIP session and what runs for it, until close.
type session struct {
	whip     whip
	endpoint *url.URL
	resource *url.URL // nil until the server has made one
	log      *slog.Logger

	pc      *webrtc.PeerConnection
	tracks  []*webrtc.TrackLocalStaticSample
	ready   chan struct{}   // closed when media can flow
	alive   context.Context // ends with the session; its cause says why
	end     context.CancelCauseFunc
	running sync.WaitGroup
}

// dial negotiates a session. If it fails, nothing is left running, and nothing on the server.
func dial(ctx context.Context, w whip, endpoint *url.URL, tracks []clip.Track, log *slog.Logger) (_ *session, err error) {
	s := &session{whip: w, endpoint: endpoint, log: log, ready: make(chan struct{})}
	s.alive, s.end = context.WithCancelCause(ctx)
	defer func() {
		if err != nil {
			s.close(ctx)
		}
	}()
	s.pc, err = newPeerConnection(tracks, loopback(endpoint))
	if err != nil {
		return nil, err
	}
	s.watch()
	for _, t := range tracks {
		if err := s.add(t); err != nil {
			return nil, err
		}
	}
	offer, err := s.offer(ctx)
	if err != nil {
		return nil, err
	}
	answer, resource, err := w.post(ctx, endpoint, offer)
	s.resource = resource
	if err != nil {
		return nil, err
	}
	description := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}
	if err := s.pc.SetRemoteDescription(description); err != nil {
		return nil, fmt.Errorf("the server's answer can't be used: %w", err)
	}
	s.tellRejected(description)
	return s, nil
}

// watch turns the connection's states into ready and alive. pion reports Closed when the server has closed DTLS.
func (s *session) watch() {
	var once sync.Once
	s.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		switch state {
		case webrtc.PeerConnectionStateConnected:
			once.Do(func() { close(s.ready) })
		case webrtc.PeerConnectionStateFailed:
			s.end(ErrLost)
		case webrtc.PeerConnectionStateClosed:
			s.end(ErrEnded)
		}
	})
}

// add sends one track, and reads the RTCP that comes back, as the interceptors need it read: they answer NACKs from it.
func (s *session) add(t clip.Track) error {
	track, err := webrtc.NewTrackLocalStaticSample(t.Codec, t.Kind().String(), "rostrum")
	if err != nil {
		return err
	}
	transceiver, err := s.pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{
		Direction: webrtc.RTPTransceiverDirectionSendonly,
	})
	if err != nil {
		return err
	}
	s.tracks = append(s.tracks, track)
	s.running.Go(func() {
		buffer := make([]byte, 1500)
		for {
			if _, _, err := transceiver.Sender().Read(buffer); err != nil {
				return
			}
		}
	})
	return nil
}

// offer makes the complete offer, with all candidates: nothing is trickled.
func (s *session) offer(ctx context.Context) (string, error) {
	offer, err := s.pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(s.pc)
	if err := s.pc.SetLocalDescription(offer); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, gatherTimeout)
	defer cancel()
	select {
	case <-gathered:
		return s.pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", fmt.Errorf("no network address to send from was found in %v: %w", gatherTimeout, ctx.Err())
	}
}

// tellRejected warns of tracks that the server doesn't take.
func (s *session) tellRejected(answer webrtc.SessionDescription) {
	parsed, err := answer.Unmarshal()
	if err != nil {
		return
	}
	for _, m := range parsed.MediaDescriptions {
		if _, inactive := m.Attribute("inactive"); m.MediaName.Port.Value == 0 || inactive {
			s.log.Warn("the server doesn't take one of the tracks", "kind", m.MediaName.Media)
		}
	}
}

// connected waits until media can flow.
func (s *session) connected(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	select {
	case <-s.ready:
		return nil
	case <-s.alive.Done():
		if cause := context.Cause(s.alive); errors.Is(cause, ErrLost) {
			return noMedia(cause)
		}
		return context.Cause(s.alive)
	case <-ctx.Done():
		return noMedia(ctx.Err())
	}
}

func noMedia(err error) error {
	return fmt.Errorf("%w: is its UDP port open, and does webrtc.public_ips name an address that is reachable from here? (%w)",
		ErrNoMedia, err)
}

func (s *session) sinks() []sink {
	list := make([]sink, len(s.tracks))
	for i, t := range s.tracks {
		list[i] = t
	}
	return list
}

// report logs how it goes, from the bytes that sent counts, until the session ends.
func (s *session) report(sent *atomic.Int64) {
	s.running.Go(func() {
		ticker := time.NewTicker(reportEvery)
		defer ticker.Stop()
		before := sent.Load()
		for {
			select {
			case <-s.alive.Done():
				return
			case <-ticker.C:
			}
			now := sent.Load()
			s.log.Info("sending", "kbps", (now-before)*8/1000/int64(reportEvery.Seconds()), "rtt", s.rtt().String())
			before = now
		}
	})
}

// rtt is of the last connectivity check.
func (s *session) rtt() time.Duration {
	for _, sender := range s.pc.GetSenders() {
		if pair, ok := sender.Transport().ICETransport().GetSelectedCandidatePairStats(); ok {
			return time.Duration(pair.CurrentRoundTripTime * float64(time.Second)).Round(100 * time.Microsecond)
		}
	}
	return 0
}

// close deletes the session on the server, also when ctx has ended, and waits for everything that ran.
func (s *session) close(ctx context.Context) {
	if s.resource != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
		if err := s.whip.delete(ctx, s.endpoint, s.resource); err != nil {
			s.log.Warn("the session could not be ended; the server will find out by itself", "reason", err.Error())
		}
		cancel()
	}
	s.end(nil)
	if s.pc != nil {
		if err := s.pc.GracefulClose(); err != nil {
			s.log.Debug("closing the connection", "error", err.Error())
		}
	}
	s.running.Wait()
}

func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
