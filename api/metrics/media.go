package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"rostrum/ports"
)

// media tells what the media port has done, and how busy it is.
type media struct {
	totals        []*prometheus.Desc // of mediaTotals, one each
	dropped, load *prometheus.Desc
}

// mediaTotals are the totals that have no labels.
var mediaTotals = []struct {
	name, help string
	of         func(ports.MediaStats) uint64
}{
	{
		"media_received_packets_total", "Packets of media that have come from publishers, each once.",
		func(s ports.MediaStats) uint64 { return s.Publishers.Packets },
	},
	{
		"media_received_bytes_total", "Bytes of payload that have come from publishers.",
		func(s ports.MediaStats) uint64 { return s.Publishers.Bytes },
	},
	{
		"media_receive_lost_packets_total", "Packets of publishers that were given up as lost.",
		func(s ports.MediaStats) uint64 { return s.Publishers.Lost },
	},
	{
		"media_sent_packets_total", "Packets of media that have been sent to subscribers, each once to each.",
		func(s ports.MediaStats) uint64 { return s.Subscribers.Packets },
	},
	{
		"media_sent_bytes_total", "Bytes of payload that have been sent to subscribers, without what was sent again.",
		func(s ports.MediaStats) uint64 { return s.Subscribers.Bytes },
	},
	{
		"media_send_lost_packets_total", "Packets that did not come to subscribers, as they report.",
		func(s ports.MediaStats) uint64 { return s.Subscribers.Lost },
	},
	{
		"media_nacks_received_total", "Messages by which subscribers asked for lost packets.",
		func(s ports.MediaStats) uint64 { return s.Subscribers.NACKs },
	},
	{
		"media_nacks_sent_total", "Messages by which publishers were asked for lost packets.",
		func(s ports.MediaStats) uint64 { return s.Publishers.NACKs },
	},
	{
		"media_resent_packets_total", "Packets that were sent to subscribers again.",
		func(s ports.MediaStats) uint64 { return s.Resends.Sent },
	},
	{
		"media_resends_refused_total", "Packets that were not sent again, since too much was asked for.",
		func(s ports.MediaStats) uint64 { return s.Resends.Refused },
	},
	{
		"media_keyframe_requests_received_total", "Requests for a key frame that came from subscribers.",
		func(s ports.MediaStats) uint64 { return s.Subscribers.KeyframeRequests },
	},
	{
		"media_keyframe_requests_sent_total", "Requests for a key frame that were sent to publishers.",
		func(s ports.MediaStats) uint64 { return s.Publishers.KeyframeRequests },
	},
	{
		"egress_bursts_total", "Bursts of a track that were sent, each to all of its subscribers and its recorder.",
		func(s ports.MediaStats) uint64 { return s.Egress.Bursts },
	},
	{
		"egress_packets_total", "Packets that have left: media, what was sent again, and reports.",
		func(s ports.MediaStats) uint64 { return s.Egress.Packets },
	},
	{
		"egress_messages_total", "Messages that packets have left in: one, or several of one size that the kernel or the network card takes apart.",
		func(s ports.MediaStats) uint64 { return s.Egress.Messages },
	},
	{
		"egress_calls_total", "Calls of the kernel that messages have left by.",
		func(s ports.MediaStats) uint64 { return s.Egress.Calls },
	},
	{
		"egress_segmentation_refused_total", "How often a way to a subscriber turned out to take packets one by one alone.",
		func(s ports.MediaStats) uint64 { return s.Egress.Unsegmented },
	},
}

func newMedia() media {
	m := media{
		dropped: describe("media_dropped_packets_total", "Packets that were dropped, by why.", "reason"),
		load:    describe("egress_load_ratio", "Share of the sending workers' time that goes into sending, 0 to 1. New subscribers are refused at limits.load."),
	}
	for _, t := range mediaTotals {
		m.totals = append(m.totals, describe(t.name, t.help))
	}
	return m
}

func (m *media) describe(to chan<- *prometheus.Desc) {
	for _, d := range m.totals {
		to <- d
	}
	to <- m.dropped
	to <- m.load
}

func (m *media) collect(to chan<- prometheus.Metric, stats ports.MediaStats) {
	for i, t := range mediaTotals {
		counter(to, m.totals[i], t.of(stats))
	}
	for _, reason := range ports.DropReasons() {
		counter(to, m.dropped, stats.Drops[reason], string(reason))
	}
	gauge(to, m.load, stats.Load)
}
