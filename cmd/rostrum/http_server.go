package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"rostrum/app/privacy"
	"rostrum/cmd/rostrum/config"
)

// httpServer is the one listener for API and pages. Its goroutine ends with stop.
type httpServer struct {
	server   *http.Server
	cfg      config.HTTP
	log      *slog.Logger
	listener net.Listener
	serving  sync.WaitGroup
	failed   chan error  // buffered; why it stopped by itself
	draining atomic.Bool // no connection is kept for another request
}

// newHTTPServer returns a server that does not listen yet. A request's head must
// come in time; each operation bounds its own body.
func newHTTPServer(cfg *config.Config, handler http.Handler, log *slog.Logger) *httpServer {
	h := &httpServer{cfg: cfg.HTTP, log: log, failed: make(chan error, 1)}
	h.server = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if h.draining.Load() {
				w.Header().Set("Connection", "close") // HTTP/2 makes a GOAWAY of it
			}
			handler.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(privacy.Addresses(cfg.History.Addresses).Masked(log).Handler(), slog.LevelDebug),
	}
	return h
}

// start listens, and serves from then on. failed is called when serving ends
// before stop.
func (h *httpServer) start(ctx context.Context, failed func()) error {
	err := h.secure()
	if err != nil {
		return err
	}
	if h.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", h.cfg.Addr); err != nil {
		return fmt.Errorf("http.addr: %w (is another server using it? choose another, for instance --http.addr :9000)", err)
	}
	h.serving.Go(func() {
		if err := h.serve(); !errors.Is(err, http.ErrServerClosed) {
			h.failed <- fmt.Errorf("the HTTP server stopped: %w", err)
			failed()
		}
	})
	return nil
}

// secure has the server speak TLS, where the configuration has a certificate.
func (h *httpServer) secure() error {
	if h.cfg.TLSCert == "" {
		return nil
	}
	c, err := newCertificate(h.cfg, h.log)
	if err != nil {
		return err
	}
	h.server.TLSConfig = &tls.Config{GetCertificate: c.forHandshake}
	return nil
}

func (h *httpServer) serve() error {
	if h.server.TLSConfig != nil {
		return h.server.ServeTLS(h.listener, "", "") // the configuration has the certificate
	}
	return h.server.Serve(h.listener)
}

// drain has every connection end with the next answer on it, so that clients and proxies
// ask elsewhere from then on. Requests are answered as before.
func (h *httpServer) drain() { h.draining.Store(true) }

// requestPatience is how long stop waits for requests that run: somebody who downloads a
// recording slowly does not keep the server from finalizing another.
const requestPatience = 5 * time.Second

// stop takes no new requests, lets those that run finish, and cuts what is left after some
// seconds.
func (h *httpServer) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestPatience)
	defer cancel()
	err := h.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = h.server.Close()
	}
	h.serving.Wait()
	return err
}

// failure returns why serving ended by itself, nil if it did not.
func (h *httpServer) failure() error {
	select {
	case err := <-h.failed:
		return err
	default:
		return nil
	}
}

// url returns where the server is reached: as the operator says, else at this
// machine.
func (h *httpServer) url() string {
	if h.cfg.PublicURL != "" {
		return h.cfg.PublicURL
	}
	scheme := "http"
	if h.cfg.TLSCert != "" {
		scheme = "https"
	}
	host, port, _ := net.SplitHostPort(h.listener.Addr().String())
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
