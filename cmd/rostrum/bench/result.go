package bench

import "time"

// Report is all that one command has measured.
type Report struct {
	Machine Machine            `json:"machine"`
	Setup   Setup              `json:"setup"`
	Trials  []Trial            `json:"trials,omitempty"` // of --max
	Runs    []Run              `json:"runs"`
	Median  map[string]float64 `json:"median"` // of each figure, by its key
	Spread  map[string]Spread  `json:"spread"`
}

// Setup is what was asked for.
type Setup struct {
	Server  string `json:"server"` // its address, or "own"
	Cores   int    `json:"cores,omitempty"`
	Codec   string `json:"codec"`
	Bitrate int    `json:"bitrate_kbps"`
	FPS     int    `json:"fps"`
	Idle    bool   `json:"idle"`
	Search  bool   `json:"max"`
}

// Trial is one step of a search.
type Trial struct {
	Subscribers int    `json:"subscribers"`
	Held        bool   `json:"held"`
	Why         string `json:"why"`
}

// Spread is between which values a figure was.
type Spread struct {
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

// Run is what was measured once.
type Run struct {
	Subscribers int           `json:"subscribers"`
	Seconds     float64       `json:"seconds"`
	Packets     Packets       `json:"packets"`
	Latency     *Latency      `json:"latency_ms,omitempty"` // nil without media
	FirstPacket Percentiles   `json:"post_to_first_packet_ms"`
	FirstVideo  Percentiles   `json:"post_to_first_video_packet_ms"`
	Blind       int           `json:"without_video"` // subscribers that had none
	Refusals    map[int]int   `json:"refusals"`      // by HTTP status
	Server      *ServerFigure `json:"server,omitempty"`
	BenchCores  float64       `json:"bench_cores"` // that bench itself kept busy
}

// Packets are exact: media pauses before and after.
type Packets struct {
	Sent        uint64  `json:"sent"`
	Expected    uint64  `json:"expected"` // sent, times subscribers
	Received    uint64  `json:"received"`
	Loss        float64 `json:"loss"` // share of the expected
	DroppedHere uint64  `json:"dropped_by_bench"`
	Unreadable  uint64  `json:"unreadable"` // by probes
}

// Latency is from the publisher's write to the probe's kernel, in milliseconds.
type Latency struct {
	P50     float64 `json:"p50"`
	P99     float64 `json:"p99"`
	P999    float64 `json:"p999"`
	Max     float64 `json:"max"`
	Packets uint64  `json:"packets"`
}

// Percentiles are in milliseconds.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// ServerFigure is what the server's process used.
type ServerFigure struct {
	Cores         float64 `json:"cores"` // that it kept busy
	PacketMicros  float64 `json:"cpu_us_per_packet,omitempty"`
	Wakeups       float64 `json:"wakeups_per_second"`
	Memory        uint64  `json:"memory_bytes"`
	PerSubscriber float64 `json:"memory_bytes_per_subscriber"` // that it grew by; too little where others were before
}

// bounds are what a run must stay below to hold.
type bounds struct {
	loss float64 // of 1
	p99  float64 // of the latency, in milliseconds
}

// watchable bounds what people would watch.
var watchable = bounds{loss: 0.001, p99: 100}

// held reports whether a run stayed within bounds and left nobody without a picture, and in words what it was.
func (r Run) held(within bounds) (bool, string) {
	why := lossAndLatency(r)
	return r.Packets.Loss < within.loss && r.Latency != nil && r.Latency.P99 < within.p99 && r.Blind == 0, why
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
