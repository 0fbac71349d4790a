package clip

import (
	"io"
	"math/bits"
)

// element reads the head of the next EBML element. io.EOF means that the file ended between two elements.
func (d *webM) element() (id uint64, size int64, err error) {
	first, err := d.r.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	d.pos++
	id, _, err = d.vint(first, true)
	if err != nil {
		return 0, 0, cut(err)
	}
	if first, err = d.r.ReadByte(); err != nil {
		return 0, 0, cut(err)
	}
	d.pos++
	value, ones, err := d.vint(first, false)
	if err != nil {
		return 0, 0, cut(err)
	}
	if ones {
		return id, unknownSize, nil
	}
	return id, int64(value), nil //nolint:gosec // it has at most 56 bits
}

// vint reads the rest of a variable-length integer (RFC 8794, section 4), with its marker bit or without. ones tells the
// value whose bits are all set.
func (d *webM) vint(first byte, marker bool) (value uint64, ones bool, err error) {
	more := bits.LeadingZeros8(first)
	if more > 7 {
		return 0, false, broken("Matroska: no element at byte %d", d.pos-1)
	}
	value = uint64(first)
	if !marker {
		value &= 0x7F >> more
	}
	rest, err := d.bytes(int64(more))
	if err != nil {
		return 0, false, err
	}
	for _, b := range rest {
		value = value<<8 | uint64(b)
	}
	return value, value == 1<<(7*(more+1))-1, nil
}

// number reads an unsigned integer; what doesn't fit is damage.
func (d *webM) number(size int64) (int64, error) {
	if size > 8 {
		return 0, broken("Matroska: an integer of %d bytes", size)
	}
	data, err := d.bytes(size)
	var n uint64
	for _, b := range data {
		n = n<<8 | uint64(b)
	}
	return int64(n & (1<<48 - 1)), err
}

// bytes reads exactly size bytes, which the caller has bounded.
func (d *webM) bytes(size int64) ([]byte, error) {
	data := make([]byte, size)
	n, err := io.ReadFull(d.r, data)
	d.pos += int64(n)
	return data, err
}

func (d *webM) skip(size int64) error {
	for size > 0 {
		n, err := d.r.Discard(int(min(size, 1<<30)))
		d.pos += int64(n)
		size -= int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}
