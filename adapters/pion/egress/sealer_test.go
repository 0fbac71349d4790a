package egress

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/pion/srtp/v3"
)

// The packets of RFC 7714, §16.1.1 and §16.2.1, under session keys as given there.
func TestPacketsAreSealedAsTheStandardShows(t *testing.T) {
	const key, salt = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "517569642070726f2071756f"
	const header = "8040f17b8041f8d35501a0b2"
	for name, c := range map[string]struct {
		keySize int
		want    string
	}{
		"AES-128": {16, "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833" +
			"899d7f27beb16a9152cf765ee4390cce"},
		"AES-256": {32, "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b" +
			"7aa3db36dfffd6b0f9bb7878d7a76c13"},
	} {
		t.Run(name, func(t *testing.T) {
			aead, err := newGCM(unhex(t, key)[:c.keySize])
			must(t, err)
			s := &gcmSealer{aead: aead}
			s.setSalt(unhex(t, salt))
			payload := []byte("Gallia est omnis divisa in partes tres")
			dst := append(unhex(t, header), make([]byte, len(payload)+s.overhead())...)
			must(t, s.sealRTP(dst, 0xf17b, payload, &nonce{}))
			if want := unhex(t, header+c.want); !bytes.Equal(dst, want) {
				t.Errorf("got  %x\nwant %x", dst, want)
			}
		})
	}
}

// Every sealer does what pion's SRTP undoes, at any roll-over counter, in any order,
// wherever the payload stands, and without a byte more or less than announced.
func TestSealedPacketsOpen(t *testing.T) {
	indexes := []uint64{0, 1, 65_535, 65_536, 65_537, 40_000, 1<<32 - 1, 1 << 32, 3<<40 + 7, 1<<48 - 2, 1<<48 - 1}
	for _, profile := range profiles {
		t.Run(profile.String(), func(t *testing.T) {
			outlet, s := session(t, profile, "127.0.0.1")
			for _, index := range indexes {
				for _, size := range []int{0, 1, 15, 16, 17, 1_188, 60_000} {
					for _, inPlace := range []bool{false, true} {
						opens(t, outlet.sealer, s.context, index, size, inPlace)
					}
				}
			}
		})
	}
}

func opens(t *testing.T, by sealer, context *srtp.Context, index uint64, size int, inPlace bool) {
	t.Helper()
	payload := bytes.Repeat([]byte{0xa5}, size)
	p := packet{index: index, ssrc: videoSSRC, payloadType: videoType, payload: payload}
	dst := make([]byte, p.size()+by.overhead())
	p.header(dst)
	from := payload
	if inPlace {
		from = dst[headerSize : headerSize+copy(dst[headerSize:], payload)]
	}
	must(t, by.sealRTP(dst, index, from, &nonce{1, 2, 3}))
	context.SetROC(videoSSRC, uint32(index>>16))
	plain, err := context.DecryptRTP(nil, dst, nil)
	if err != nil {
		t.Fatalf("packet %d of %d bytes, in place %t: %v", index, size, inPlace, err)
	}
	if got := binary.BigEndian.Uint16(plain[2:]); got != uint16(index) || !bytes.Equal(plain[headerSize:], payload) {
		t.Fatalf("packet %d of %d bytes, in place %t: came as %d with another payload or number", index, size, inPlace, got)
	}
}

func TestKeysThatDoNotFitAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		profile   srtp.ProtectionProfile
		key, salt int
	}{
		"short key":       {gcm128, 15, 12},
		"no salt":         {gcm256, 32, 0},
		"salt of another": {cm80, 16, 12},
		"unknown profile": {0x7777, 16, 12},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewOutlet(c.profile, make([]byte, c.key), make([]byte, c.salt))
			if err == nil || !strings.Contains(err.Error(), "SRTP keys of") {
				t.Errorf("got error %v, want one that names the profile", err)
			}
		})
	}
}
