package bench

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// figure is one number of a run, as reports name it.
type figure struct {
	key, name, unit string
	digits          int // after the point
	of              func(Run) float64
}

// figures are in the order in which they are read. One that was not measured is not a number.
var figures = []figure{
	{"subscribers", "subscribers", "", 0, func(r Run) float64 { return float64(r.Subscribers) }},
	{"packets_per_second", "packets received", "a second", 0, func(r Run) float64 { return media(r, float64(r.Packets.Received)/r.Seconds) }},
	{"loss_percent", "loss", "%", 4, func(r Run) float64 { return media(r, 100*r.Packets.Loss) }},
	{"latency_p50_ms", "latency p50", "ms", 2, func(r Run) float64 { return late(r, func(l Latency) float64 { return l.P50 }) }},
	{"latency_p99_ms", "latency p99", "ms", 2, func(r Run) float64 { return late(r, func(l Latency) float64 { return l.P99 }) }},
	{"latency_p999_ms", "latency p99.9", "ms", 2, func(r Run) float64 { return late(r, func(l Latency) float64 { return l.P999 }) }},
	{"latency_max_ms", "latency max", "ms", 2, func(r Run) float64 { return late(r, func(l Latency) float64 { return l.Max }) }},
	{"first_packet_p50_ms", "POST to first packet p50", "ms", 1, func(r Run) float64 { return known(r.FirstPacket.P50) }},
	{"first_packet_p99_ms", "POST to first packet p99", "ms", 1, func(r Run) float64 { return known(r.FirstPacket.P99) }},
	{"first_video_p50_ms", "POST to first video p50", "ms", 1, func(r Run) float64 { return known(r.FirstVideo.P50) }},
	{"first_video_p99_ms", "POST to first video p99", "ms", 1, func(r Run) float64 { return known(r.FirstVideo.P99) }},
	{"server_us_per_packet", "server CPU a packet", "µs", 2, func(r Run) float64 {
		return media(r, of(r, func(s ServerFigure) float64 { return s.PacketMicros }))
	}},
	{"server_cpu_percent", "server CPU", "% of a core", 1, func(r Run) float64 {
		return of(r, func(s ServerFigure) float64 { return 100 * s.Cores })
	}},
	{"server_wakeups_per_second", "server wake-ups", "a second", 0, func(r Run) float64 {
		return of(r, func(s ServerFigure) float64 { return s.Wakeups })
	}},
	{"memory_kib_per_subscriber", "server memory a subscriber", "KiB", 0, func(r Run) float64 {
		return known(of(r, func(s ServerFigure) float64 { return s.PerSubscriber / 1024 }))
	}},
	{"bench_cpu_percent", "bench's own CPU", "% of a core", 1, func(r Run) float64 { return 100 * r.BenchCores }},
}

func media(r Run, v float64) float64 {
	if r.Packets.Sent == 0 {
		return math.NaN()
	}
	return v
}

func late(r Run, of func(Latency) float64) float64 {
	if r.Latency == nil {
		return math.NaN()
	}
	return of(*r.Latency)
}

// known takes 0 as not measured: memory of a server that had what it needed before, or joins without media.
func known(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}

func of(r Run, of func(ServerFigure) float64) float64 {
	if r.Server == nil {
		return math.NaN()
	}
	return of(*r.Server)
}

// values are a figure's, in rising order; none if a run has not measured it.
func (f figure) values(runs []Run) []float64 {
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = f.of(r)
		if math.IsNaN(values[i]) {
			return nil
		}
	}
	slices.Sort(values)
	return values
}

// median is of values in rising order.
func median(values []float64) float64 {
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}

func (f figure) text(v float64) string { return strconv.FormatFloat(v, 'f', f.digits, 64) }

// summarize fills in median and spread.
func (r *Report) summarize() {
	r.Median, r.Spread = map[string]float64{}, map[string]Spread{}
	for _, f := range figures {
		if values := f.values(r.Runs); len(values) > 0 {
			r.Median[f.key] = median(values)
			r.Spread[f.key] = Spread{values[0], values[len(values)-1]}
		}
	}
}

// lossAndLatency says in a few words how a run went.
func lossAndLatency(r Run) string {
	text := fmt.Sprintf("loss %.3f %%", 100*r.Packets.Loss)
	if r.Latency != nil {
		text += fmt.Sprintf(", p99 %.1f ms", r.Latency.P99)
	}
	if r.Blind > 0 {
		text += fmt.Sprintf(", %d without a picture", r.Blind)
	}
	return text
}

// String is a line.
func (t Trial) String() string {
	verdict := "too many"
	if t.Held {
		verdict = "held"
	}
	return fmt.Sprintf("%d subscribers: %s: %s", t.Subscribers, verdict, t.Why)
}
