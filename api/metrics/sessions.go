package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"rostrum/app"
	"rostrum/domain"
	"rostrum/ports"
)

// sessions tells of rooms and sessions.
type sessions struct{ rooms, sessions, ended, connect, firstMedia *prometheus.Desc }

func newSessions() sessions {
	return sessions{
		rooms:      describe("rooms", "Rooms that somebody is in."),
		sessions:   describe("sessions", "Sessions that there are, those among them whose offer is being answered.", "role"),
		ended:      describe("sessions_ended_total", "Sessions that have ended, by why.", "role", "reason"),
		connect:    describe("session_connect_seconds", "From the offer until media could flow, of sessions that came so far.", "role"),
		firstMedia: describe("session_first_media_seconds", "From the offer until the first packet of media, of sessions that came so far; of viewers who were there before the publisher, from when it came.", "role"),
	}
}

func (m *sessions) describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.rooms, m.sessions, m.ended, m.connect, m.firstMedia} {
		to <- d
	}
}

func (m *sessions) collect(to chan<- prometheus.Metric, stats app.Stats) {
	gauge(to, m.rooms, float64(stats.Rooms))
	for role, media := range map[domain.Role]ports.PeerStats{
		domain.RolePublisher: stats.Media.Publishers, domain.RoleSubscriber: stats.Media.Subscribers,
	} {
		gauge(to, m.sessions, float64(stats.Sessions[role]), string(role))
		for reason, count := range stats.Ended[role] {
			counter(to, m.ended, count, string(role), string(reason))
		}
		histogram(to, m.connect, media.Connected, string(role))
		histogram(to, m.firstMedia, media.FirstMedia, string(role))
	}
}
