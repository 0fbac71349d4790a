// Package fanout distributes the RTP packets of one source to many subscribers.
// It knows RTP and nothing of negotiation, ICE, DTLS or sockets: packets come in
// as bytes and leave through a Sender.
//
// The packet path: TrackFanout.Receive puts a packet into the track's ring, and
// TrackFanout.Flush hands the burst that has gathered to each leg of the table in
// turn, subscriber by subscriber. Per subscriber and packet there is no lock, map
// look-up, allocation or closure; the table is swapped as a whole when people
// come and go.
package fanout
