package play

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/api/client/rtc"
	"rostrum/domain"
)

// How often a person is told how it goes: on a terminal, and where lines stay.
const (
	drawEvery   = time.Second
	reportEvery = 10 * time.Second
)

// player is a reception on its way, over any number of sessions.
type player struct {
	Options
	stop  context.CancelCauseFunc
	limit *time.Timer // stops it; runs from the first media on
	file  *file       // nil: none is kept

	started atomic.Pointer[time.Time] // when the first media came
	trouble atomic.Pointer[error]     // why there is no connection; nil: there is one, or nothing has been in its way
	bytes   atomic.Int64
	session atomic.Int64           // the number of the present one
	ask     atomic.Pointer[func()] // asks for a key frame; nil: no picture comes

	mu    sync.Mutex
	shown map[webrtc.RTPCodecType]string // what comes, in words
}

// receive reads a track until its session ends. Each track has a goroutine of its own.
func (p *player) receive(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	s := &stream{track: track}
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		ask := func() {
			_, _ = receiver.Transport().WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(track.SSRC())}})
		}
		p.ask.Store(&ask)
	}
	var reports sync.WaitGroup
	reports.Go(func() { p.receiveReports(s, receiver) })
	defer reports.Wait()
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		p.begin()
		p.bytes.Add(int64(len(packet.Payload)))
		arrived := s.take(packet, p.sessionID())
		if s.shown != "" {
			p.show(track.Kind(), s.shown)
			s.shown = ""
		}
		if p.file != nil {
			p.file.take.Receive(arrived.stream, arrived.packets[:])
		}
	}
}

// receiveReports hands on what the publisher's clock says, which keeps sound and picture together.
func (p *player) receiveReports(s *stream, receiver *webrtc.RTPReceiver) {
	for {
		packets, _, err := receiver.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if report, ok := packet.(*rtcp.SenderReport); ok && p.file != nil {
				if stream, clock, ok := s.report(report); ok {
					p.file.take.Report(stream, clock)
				}
			}
		}
	}
}

// begin takes note of the first media.
func (p *player) begin() {
	if p.started.Load() != nil {
		return
	}
	now := time.Now()
	if p.started.CompareAndSwap(nil, &now) && p.Duration > 0 {
		p.limit.Reset(p.Duration)
	}
}

// sessionID tells the sessions of a reception apart: what comes in one has nothing to do with another.
func (p *player) sessionID() domain.SessionID {
	return domain.SessionID(strconv.FormatInt(p.session.Load(), 10))
}

// askKeyframe asks for a key frame, if pictures come.
func (p *player) askKeyframe() {
	if ask := p.ask.Load(); ask != nil {
		(*ask)()
	}
}

// show takes note of what a track has turned out to be.
func (p *player) show(kind webrtc.RTPCodecType, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown == nil {
		p.shown = map[webrtc.RTPCodecType]string{}
	}
	if p.shown[kind] != what {
		p.shown[kind] = what
		p.Log.Info("receiving", "kind", kind.String(), "codec", what)
	}
}

func (p *player) what() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var parts []string
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		if what := p.shown[kind]; what != "" {
			parts = append(parts, what)
		}
	}
	if len(parts) == 0 {
		return "nothing yet"
	}
	return strings.Join(parts, " and ")
}

// report tells how it goes while a session is connected, and looks after the disk.
func (p *player) report(ctx context.Context, c *rtc.Connection) error {
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	last, before := time.Now(), p.bytes.Load()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if err := p.file.trouble(); err != nil {
			p.stop(err)
			return err
		}
		elapsed, now := time.Since(last), p.bytes.Load()
		rate, rtt := float64(now-before)*8/elapsed.Seconds(), c.RoundTrip().Round(100*time.Microsecond)
		if p.Line.Terminal() {
			p.Line.Tell("receiving", fmt.Sprintf("%s, %s, round trip %v, %s", p.what(), bitrate(rate), rtt, humanize.IBytes(uint64(max(now, 0)))))
		} else if elapsed < reportEvery {
			continue
		} else {
			p.Log.Info("receiving", "what", p.what(), "kbps", int64(rate/1000), "rtt", rtt.String(), "bytes", now)
		}
		last, before = time.Now(), now
	}
}

func bitrate(bits float64) string { return humanize.SIWithDigits(bits, 1, "bit/s") }

func (p *player) result() Result {
	r := Result{Room: p.Room, Bytes: p.bytes.Load()}
	if started := p.started.Load(); started != nil {
		r.Seconds = time.Since(*started).Round(time.Millisecond).Seconds()
	}
	return r
}
