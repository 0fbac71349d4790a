// Package fanout distributes the RTP packets of one source to many subscribers.
// It knows RTP and nothing of negotiation, ICE, DTLS or sockets: packets come in
// as bytes and leave through a Sender and the Lane of the worker that calls it.
//
// The packet path: TrackFanout.Receive puts a packet into the track's ring, and
// TrackFanout.Flush hands the burst that has gathered to the workers, each of which
// goes through its part of the legs, subscriber by subscriber: all that there is for
// one, then all for the next. The source waits until they are done, so that nothing
// changes under their hands. Per subscriber and packet there is no lock, map look-up,
// allocation or closure; the table is swapped as a whole when people come and go.
package fanout
