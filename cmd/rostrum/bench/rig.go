package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"

	"github.com/pion/dtls/v3/pkg/crypto/selfsign"

	"rostrum/api/client"
)

// rig is all that one run needs: a server, a publisher, the sweep and the crowd.
type rig struct {
	options   Options
	progress  *Progress
	alive     context.Context // ends with the run; its cause says why
	end       context.CancelCauseFunc
	cores     cores
	own       *server // nil for one that ran before
	server    *client.Client
	sweep     *sweep
	publisher *publisher
	crowd     *crowd
	before    usage // the server's, without subscribers
}

// setUp starts what there is to start, up to a publisher that sends. If it fails, nothing is left of it.
func setUp(ctx context.Context, o Options, p *Progress) (_ *rig, err error) {
	r := &rig{options: o, progress: p}
	r.alive, r.end = context.WithCancelCause(ctx)
	defer func() {
		if err != nil {
			_ = r.close() // err is why
		}
	}()
	if o.Target.URL == "" {
		if err := r.startServer(); err != nil {
			return nil, err
		}
	}
	target := r.options.Target
	address, err := target.endpoint("")
	if err != nil {
		return nil, err
	}
	if r.server, err = newClient(address, target.Token, o.Load.Joining); err != nil {
		return nil, err
	}
	certificate, err := selfsign.GenerateSelfSigned()
	if err != nil {
		return nil, err
	}
	ip, err := receiveAt(r.alive, address)
	if err != nil {
		return nil, err
	}
	p.tell("publishing", "%s", address.Host)
	if r.publisher, err = publish(r.alive, r.server, target.Room, o.Stream); err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	r.sweep = newSweep()
	r.crowd = &crowd{
		venue:   &venue{server: r.server, room: target.Room, ip: ip, codec: o.Stream.Codec, certificate: certificate, sweep: r.sweep},
		joining: o.Load.Joining, patience: o.Load.Patience, progress: p, refusals: map[int]int{},
	}
	r.before, err = r.serverUsage()
	return r, err
}

// startServer starts the server and makes it the target.
func (r *rig) startServer() (err error) {
	r.progress.tell("starting", "a server")
	t := &r.options.Target
	if r.cores, err = shareCores(t.Cores); err != nil {
		return err
	}
	if err := r.cores.confine(); err != nil {
		return err
	}
	if !r.cores.split {
		r.progress.warn("there is no core left for bench: it and the server slow each other down")
	}
	if r.own, err = startServer(r.alive, *t, r.cores, r.end); err != nil {
		return err
	}
	t.URL, t.Token, t.PID = r.own.url, r.own.token, r.own.process.Process.Pid
	return nil
}

// receiveAt is the address of this machine that the server's packets come to.
func receiveAt(ctx context.Context, server *url.URL) (netip.Addr, error) {
	if loopback(server) {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	way, err := new(net.Dialer).DialContext(ctx, "udp4", net.JoinHostPort(server.Hostname(), "9")) // connects, and sends nothing
	if err != nil {
		return netip.Addr{}, fmt.Errorf("no way to the server by IPv4: %w", err)
	}
	local, err := netip.ParseAddrPort(way.LocalAddr().String())
	return local.Addr(), errors.Join(err, way.Close())
}

// serverUsage is nothing where the process is unknown.
func (r *rig) serverUsage() (usage, error) {
	if r.options.Target.PID == 0 {
		return usage{}, nil
	}
	return usageOf(r.options.Target.PID)
}

// close ends everything in reverse order and waits for it.
func (r *rig) close() error {
	var errs []error
	if r.crowd != nil {
		errs = append(errs, r.crowd.shrink(r.alive, 0))
	}
	if r.sweep != nil {
		r.sweep.close()
	}
	if r.publisher != nil {
		errs = append(errs, r.publisher.close(r.alive))
	}
	if r.server != nil {
		r.server.CloseIdleConnections()
	}
	if r.own != nil {
		r.progress.tell("stopping", "the server")
		errs = append(errs, r.own.stop())
	}
	r.end(nil)
	return errors.Join(append(errs, r.cores.release())...)
}
