//go:build soak

package soak

import (
	"math/rand/v2"
	"strings"

	"github.com/pion/interceptor"
)

// loss is an interceptor that loses every hundredth packet of the picture before
// pion sees it, but for retransmissions, so that there is something to repair.
type loss struct{ interceptor.NoOp }

const oneIn = 100

// NewInterceptor makes one. It is the interceptor's own factory.
func (l *loss) NewInterceptor(string) (interceptor.Interceptor, error) { return l, nil }

// BindRemoteStream loses packets of a stream.
func (l *loss) BindRemoteStream(info *interceptor.StreamInfo, from interceptor.RTPReader) interceptor.RTPReader {
	if !strings.HasPrefix(info.MimeType, "video/") || strings.HasSuffix(info.MimeType, "/rtx") {
		return from
	}
	chance := rand.New(rand.NewPCG(1, 2))
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		for {
			n, attributes, err := from.Read(b, a)
			if err != nil || chance.IntN(oneIn) > 0 {
				return n, attributes, err
			}
		}
	})
}
