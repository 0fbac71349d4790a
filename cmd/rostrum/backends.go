package main

import (
	"context"
	"log/slog"
	"net/http"

	"rostrum/adapters/golimiter"
	"rostrum/adapters/pion"
	"rostrum/api"
	"rostrum/app"
	"rostrum/app/archive"
	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/cmd/rostrum/config"
	"rostrum/domain"
	"rostrum/ports"
)

// closers takes what has to be closed when the program ends, in reverse order.
type closers interface {
	onClose(close func() error)
}

// limiters holds a limiter for each action that has a limit.
type limiters map[domain.Action]ports.Limiter

// sessionLimiter limits the requests for session URLs; it holds nil where the rate
// is off.
type sessionLimiter struct{ ports.Limiter }

// openLimits makes a limiter for each rate that is not off.
func openLimits(cfg *config.Config, c closers) (limiters, sessionLimiter, error) {
	limits := limiters{}
	for action, rate := range map[domain.Action]config.Rate{
		domain.ActionPublish: cfg.Limits.Publish,
		domain.ActionPlay:    cfg.Limits.Play,
	} {
		limiter, err := openLimit(rate, c)
		if err != nil {
			return nil, sessionLimiter{}, err
		}
		if limiter != nil {
			limits[action] = limiter
		}
	}
	sessions, err := openLimit(cfg.Limits.Sessions, c)
	return limits, sessionLimiter{sessions}, err
}

// openLimit makes a limiter for a rate, nil if it is off.
func openLimit(rate config.Rate, c closers) (ports.Limiter, error) {
	n, per, on := rate.Rate()
	if !on {
		return nil, nil //nolint:nilnil // no limit, and nothing wrong
	}
	limiter, err := golimiter.New(n, per)
	if err != nil {
		return nil, err
	}
	c.onClose(func() error { return limiter.Close(context.Background()) })
	return limiter, nil
}

// openMedia opens the media port.
func openMedia(cfg *config.Config, log *slog.Logger, c closers) (ports.Media, error) {
	media, err := pion.New(pion.Config{
		UDPAddr: cfg.WebRTC.UDPAddr, TCPAddr: cfg.WebRTC.TCPAddr, PublicIPs: cfg.WebRTC.PublicIPs, MaxLoad: float64(cfg.Limits.Load) / 100,
		Log: privacy.Addresses(cfg.History.Addresses).Masked(log),
	})
	if err != nil {
		return nil, err
	}
	c.onClose(media.Close)
	return media, nil
}

// newApp puts the ports to work.
func newApp(cfg *config.Config, log *slog.Logger, media ports.Media, kept stores, database *database.Database, access access, limits limiters, archive *archive.Archive, c closers) *app.App {
	a := app.New(
		app.Needs{
			Media: media, Rooms: kept.rooms, Database: database, Access: access, Limits: limits, Archive: archive, Log: log,
		},
		app.Settings{
			AutoCreate: cfg.Rooms.AutoCreate,
			MaxRooms:   cfg.Limits.MaxRooms,
			Rules: domain.RoomRules{
				MaxSubscribers: cfg.Limits.MaxSubscribersPerRoom, Record: cfg.Rooms.Record, Grace: cfg.Rooms.Grace.Duration,
			},
			Outage:     cfg.Database.Outage.Duration,
			ExpiryLead: cfg.Auth.ExpiryLead.Duration,
		},
	)
	c.onClose(func() error { a.Close(); return nil })
	return a
}

// newHandler puts the app on HTTP.
func newHandler(cfg *config.Config, log *slog.Logger, a *app.App, archive *archive.Archive, objects store, sessions sessionLimiter) http.Handler {
	var servers []api.ICEServer
	for _, s := range cfg.WebRTC.ICEServers {
		servers = append(servers, api.ICEServer{
			URLs: s.URLs, Username: s.Username, Credential: s.Credential.Reveal(), Secret: s.Secret.Reveal(), TTL: s.Lifetime(),
		})
	}
	return api.New(a, archive, api.Options{
		TrustedProxies: cfg.HTTP.Proxies(), CORSOrigins: cfg.HTTP.CORSOrigins,
		ICEServers: servers, Sessions: sessions.Limiter, MediaOrigins: objects.origins, Version: thisBuild().Version,
		Log: privacy.Addresses(cfg.History.Addresses).Masked(log),
	})
}
