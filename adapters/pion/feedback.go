package pion

import (
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
)

// feedback tells a publisher what arrives: receiver reports go out once a second, and
// its bandwidth estimation hears when each packet came (transport-wide congestion
// control). It is pion's interceptors, fed packet by packet. All but close is for the
// publisher's goroutine; theirs end with close.
type feedback struct {
	reports, arrivals interceptor.Interceptor

	control    interceptor.RTCPReader // takes note of the publisher's sender reports
	packet     []byte                 // that is being taken note of
	attributes interceptor.Attributes // reused
}

// stream takes note of the packets of one SSRC.
type stream struct {
	info    *interceptor.StreamInfo
	readers []interceptor.RTPReader
}

// newFeedback returns a feedback that sends by write, from goroutines of its own
// until close.
func newFeedback(write func([]rtcp.Packet)) (*feedback, error) {
	f := &feedback{attributes: interceptor.Attributes{}}
	for _, part := range []struct {
		to   *interceptor.Interceptor
		make func() (interceptor.Factory, error)
	}{
		{&f.reports, func() (interceptor.Factory, error) { return report.NewReceiverInterceptor() }},
		{&f.arrivals, func() (interceptor.Factory, error) { return twcc.NewSenderInterceptor() }},
	} {
		factory, err := part.make()
		if err != nil {
			return nil, err
		}
		if *part.to, err = factory.NewInterceptor(""); err != nil {
			return nil, err
		}
		(*part.to).BindRTCPWriter(interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, _ interceptor.Attributes) (int, error) {
			write(packets)
			return 0, nil
		}))
	}
	f.control = f.reports.BindRTCPReader(interceptor.RTCPReaderFunc(f.read))
	return f, nil
}

// read is what the interceptors read from.
func (f *feedback) read(_ []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
	return len(f.packet), a, nil
}

// media returns a stream of media.
func (f *feedback) media(info *interceptor.StreamInfo) stream {
	from := interceptor.RTPReaderFunc(f.read)
	return stream{info: info, readers: []interceptor.RTPReader{f.reports.BindRemoteStream(info, from), f.arrivals.BindRemoteStream(info, from)}}
}

// retransmissions returns a stream of them: they are not reported on, but they take
// their part of the bandwidth.
func (f *feedback) retransmissions(info *interceptor.StreamInfo) stream {
	return stream{info: info, readers: []interceptor.RTPReader{f.arrivals.BindRemoteStream(info, interceptor.RTPReaderFunc(f.read))}}
}

// forget lets go of a stream that is over.
func (f *feedback) forget(s stream) {
	if s.info != nil {
		f.reports.UnbindRemoteStream(s.info)
		f.arrivals.UnbindRemoteStream(s.info)
	}
}

// note takes note of an RTP packet.
func (f *feedback) note(s stream, packet []byte) {
	f.packet = packet
	clear(f.attributes)
	for _, reader := range s.readers {
		_, _, _ = reader.Read(packet, f.attributes) // what cannot be read is not reported
	}
}

// noteControl takes note of the publisher's RTCP.
func (f *feedback) noteControl(packet []byte) {
	f.packet = packet
	clear(f.attributes)
	_, _, _ = f.control.Read(packet, f.attributes) // likewise
}

// close ends what was begun and waits for it.
func (f *feedback) close() {
	for _, part := range []interceptor.Interceptor{f.reports, f.arrivals} {
		_ = part.Close() // none fails
	}
}
