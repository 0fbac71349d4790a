package postgres

import (
	"context"
	"net"
	"sync"
	"time"
)

// lines are the network connections to the database that are open, so that all of them
// can be ended when the server does not answer a farewell.
type lines struct {
	dialer net.Dialer
	mu     sync.Mutex
	open   map[*line]struct{}
	over   bool
}

// newLines has the system find out within 30 s that the other end is gone, also of a
// connection that nobody uses.
func newLines() *lines {
	return &lines{
		dialer: net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3,
		}},
		open: map[*line]struct{}{},
	}
}

// dial is pgconn.DialFunc.
func (l *lines) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	made := &line{Conn: conn, of: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		_ = conn.Close() // nothing was sent
		return nil, net.ErrClosed
	}
	l.open[made] = struct{}{}
	return made, nil
}

// hangUp ends every connection, and those that come later.
func (l *lines) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	for line := range l.open {
		_ = line.Conn.Close() // whoever uses it hears of it
	}
}

// line is one connection.
type line struct {
	net.Conn
	of *lines
}

// Close is net.Conn.Close.
func (l *line) Close() error {
	l.of.mu.Lock()
	delete(l.of.open, l)
	l.of.mu.Unlock()
	return l.Conn.Close()
}
