package bench

import (
	"context"
	"crypto/tls"
	"errors"
	"net/netip"
	"time"

	"rostrum/api/client"
)

const (
	connectTimeout = 15 * time.Second
	deleteTimeout  = 5 * time.Second
)

// venue is what all subscribers have in common.
type venue struct {
	server      *client.Client
	room        string
	ip          netip.Addr // to receive at
	codec       string
	certificate tls.Certificate
	sweep       *sweep
}

// subscriber is one WHEP session.
type subscriber struct {
	*venue

	receiver *receiver // the sweep's
	posted   time.Time
	peer     *peer
	session  *client.Session
}

// join subscribes, and returns when media can flow. If it fails, nothing is left of it here or on the server; a no is a *client.Problem.
func (v *venue) join(ctx context.Context) (_ *subscriber, err error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	socket, err := openSocket(v.ip)
	if err != nil {
		return nil, err
	}
	s := &subscriber{venue: v, receiver: newReceiver(socket)}
	v.sweep.attach(s.receiver)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.leave(ctx))
		}
	}()
	peer, own, err := newPeer(s.receiver)
	if err != nil {
		return nil, err
	}
	s.peer = peer
	offered := offer(v.codec, own, fingerprint(v.certificate.Certificate[0]), socket.addr)
	s.posted = time.Now()
	if s.session, err = v.server.Play(ctx, v.room, offered); err != nil {
		return nil, explained(err)
	}
	answered, err := readAnswer(s.session.Answer)
	if err != nil {
		return nil, err
	}
	agreed, err := peer.connect(ctx, s.receiver, answered, v.certificate)
	if err != nil {
		return nil, err
	}
	v.sweep.ask(func() { s.receiver.keys = agreed })
	return s, nil
}

// leave ends the session on the server, also when ctx has ended, and waits for everything that ran.
func (s *subscriber) leave(ctx context.Context) error {
	var errs []error
	if s.session != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
		defer cancel()
		errs = append(errs, explained(s.session.End(ctx)))
	}
	if s.peer != nil {
		_ = s.peer.close() // the server may have been faster
	}
	s.sweep.detach(s.receiver)
	return errors.Join(append(errs, s.receiver.socket.close())...)
}
