package play

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/flow"
	"rostrum/domain"
)

// player is a reception on its way, over any number of sessions.
type player struct {
	Options
	stop  context.CancelCauseFunc
	limit *time.Timer // stops it; runs from the first media on
	file  *file       // nil: none is kept
	flow  flow.Flow

	trouble atomic.Pointer[error]  // why there is no connection; nil: there is one
	attempt atomic.Int64           // the number of the present session
	ask     atomic.Pointer[func()] // asks for a key frame; nil: no picture comes

	mu    sync.Mutex
	shown map[webrtc.RTPCodecType]string // what comes, in words
}

func newPlayer(o Options, stop context.CancelCauseFunc, limit *time.Timer) *player {
	p := &player{Options: o, stop: stop, limit: limit}
	p.flow = flow.Flow{Doing: "receiving", What: p.what, Line: o.Line, Log: o.Log}
	none := advice.Explain(fmt.Errorf("%w: neither an answer nor a path for media has come from %s yet", client.ErrUnreachable, o.Server.Server()))
	p.trouble.Store(&none)
	return p
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
		if first := p.flow.Add(len(packet.Payload)); first && p.Duration > 0 {
			p.limit.Reset(p.Duration)
		}
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

// sessionID tells the sessions of a reception apart: what comes in one has nothing to do with another.
func (p *player) sessionID() domain.SessionID {
	return domain.SessionID(strconv.FormatInt(p.attempt.Load(), 10))
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

// watch tells how it goes while a session is connected, and looks after the disk.
func (p *player) watch(ctx context.Context, c *rtc.Connection) error {
	err := p.flow.Watch(ctx, c, p.file.trouble)
	if errors.Is(err, ErrDisk) {
		p.stop(err)
	}
	return err
}

func (p *player) result() Result { return Result{Result: p.flow.Result(p.Room)} }
