package pion

import (
	"io"
	"sync"

	"github.com/pion/transport/v5/packetio"
)

// ingressLimit bounds what may wait for the reader of one stream: 1 MB, some three
// seconds of video. What comes when it is full is dropped by pion, newest first.
const ingressLimit = 1 << 20

// ingressQueue holds the decrypted packets of one stream until they are read. Its
// count tells the reader when a burst is over.
type ingressQueue struct{ *packetio.Buffer }

// Read and Write are packetio's, without attributes.
func (q ingressQueue) Read(b []byte) (int, error) {
	n, _, err := q.Buffer.Read(b, nil)
	return n, err
}

func (q ingressQueue) Write(b []byte) (int, error) { return q.Buffer.Write(b, nil) }

// ingressQueues are the queues of one session's RTP streams.
type ingressQueues struct {
	mu     sync.Mutex
	bySSRC map[uint32]ingressQueue
}

func newIngressQueues() *ingressQueues {
	return &ingressQueues{bySSRC: map[uint32]ingressQueue{}}
}

// open returns a new queue; those of RTP streams are found again by their SSRC.
// pion calls it only for authenticated packets, and bounds how many streams there
// may be.
func (q *ingressQueues) open(packet packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	queue := ingressQueue{packetio.NewBuffer()}
	queue.SetLimitSize(ingressLimit)
	if packet == packetio.RTPBufferPacket {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.bySSRC[ssrc] = queue
	}
	return queue
}

// waiting returns how many packets of a stream wait to be read.
func (q *ingressQueues) waiting(ssrc uint32) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if queue, ok := q.bySSRC[ssrc]; ok {
		return queue.Count()
	}
	return 0
}
