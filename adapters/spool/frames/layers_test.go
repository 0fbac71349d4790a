package frames_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"rostrum/adapters/spool/frames"
	"rostrum/domain"
	"rostrum/ports"
)

// TestFramesOfSpatialLayersBecomeASuperframe takes superframes apart, as a publisher
// does that sends the frames of a picture's layers one by one.
func TestFramesOfSpatialLayersBecomeASuperframe(t *testing.T) {
	c := encode(t, "VP9 with superframes", size)
	var packets []ports.Packet
	apart := 0
	for i, p := range c.pictures {
		layers := superframe(p.data)
		if len(layers) > 1 {
			apart++
		}
		for sid, layer := range layers {
			for begin := 0; begin < len(layer); begin += mtu {
				end := min(begin+mtu, len(layer))
				descriptor := byte(0x20 | 0x10) // layer indices, flexible mode
				if begin == 0 {
					descriptor |= 0x08
				}
				if end == len(layer) {
					descriptor |= 0x04
				}
				packets = append(packets, ports.Packet{
					Sequence:  firstSequence + uint64(len(packets)),
					Timestamp: c.timestamp(i),
					Marker:    sid == len(layers)-1 && end == len(layer),
					Payload:   append([]byte{descriptor, byte(sid << 1)}, layer[begin:end]...),
				})
			}
		}
	}
	if apart == 0 {
		t.Fatal("the encoder has made no superframe")
	}
	got := feed(frames.New(domain.VP9), packets)
	c.check(t, got, numbers(0, len(c.pictures)))
	decodes(t, domain.VP9, got)
}

// superframe returns the frames of a superframe, or the one frame that data is (VP9
// bitstream specification, Annex B).
func superframe(data []byte) (all [][]byte) {
	marker := data[len(data)-1]
	count, width := int(marker&7)+1, int(marker>>3&3)+1
	index := len(data) - 2 - count*width
	if marker&0xe0 != 0xc0 || index < 0 || data[index] != marker {
		return [][]byte{data}
	}
	sizes := data[index+1:]
	for i := range count {
		var octets [4]byte
		copy(octets[:], sizes[i*width:][:width])
		n := binary.LittleEndian.Uint32(octets[:])
		all, data = append(all, bytes.Clone(data[:n])), data[n:]
	}
	return all
}

// TestSizeOfThePictureIsThatOfTheHighestLayer is about what the scalability structure
// tells (RFC 9628 §4.2.1), since the key frame itself is that of the lowest layer.
func TestSizeOfThePictureIsThatOfTheHighestLayer(t *testing.T) {
	c := encode(t, "VP9", "160x90")
	const structure = "\x30\x00\xa0\x00\x5a\x01\x40\x00\xb4" // two layers, with sizes
	payloads := [][]byte{
		append([]byte("\x2a\x00\x00"+structure), c.pictures[0].data...),
		append([]byte("\x6c\x02\x00"), c.pictures[1].data...),
	}
	var packets []ports.Packet
	for i, payload := range payloads {
		packets = append(packets, ports.Packet{Sequence: uint64(i), Payload: payload, Marker: i == 1})
	}
	got := feed(frames.New(domain.VP9), packets)
	if len(got) != 1 || !got[0].Key || got[0].Format.Width != 320 || got[0].Format.Height != 180 {
		t.Fatalf("%+v", got)
	}
}
