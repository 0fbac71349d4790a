package frames

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	"rostrum/adapters/spool/container"
)

var errNAL = errors.New("not a NAL unit of the codec")

// fragments follows the fragmentation units of a picture (RFC 6184 §5.8, RFC 7798
// §4.4.3). The library joins what it is given, also where the beginning is missing.
type fragments struct{ open bool }

// next takes the next packet: whether it is a fragment, and the header of that, which
// both codecs have alike.
func (f *fragments) next(fragment bool, header byte) error {
	const start, end = 0x80, 0x40
	switch begins := header&start != 0; {
	case fragment && !begins && !f.open:
		return errNoBeginning
	case f.open && (!fragment || begins):
		return errNoEnd
	}
	f.open = fragment && header&end == 0
	return nil
}

// parameterSets are those of a stream, by kind in the order in which a decoder needs
// them.
type parameterSets struct {
	kinds  [3][][]byte
	format *container.VideoFormat // made of them; nil: not yet
}

// What the parameter sets of a stream may come to.
const (
	maxSets    = 16 // of a kind
	maxSetSize = 4 << 10
)

// has reports whether a set is known.
func (s *parameterSets) has(kind int, set []byte) bool {
	return slices.ContainsFunc(s.kinds[kind], func(k []byte) bool { return bytes.Equal(k, set) })
}

// with returns what is known when those sets have come with a picture: they take the
// place of those of their kind, unless all are known.
func (s parameterSets) with(sets [3][][]byte) parameterSets {
	for kind, group := range sets {
		if !slices.ContainsFunc(group, func(set []byte) bool { return !s.has(kind, set) }) {
			continue
		}
		s.kinds[kind], s.format = nil, nil
		for _, set := range group {
			s.kinds[kind] = append(s.kinds[kind], bytes.Clone(set))
		}
	}
	return s
}

// all returns the sets in order.
func (s *parameterSets) all() [][]byte { return slices.Concat(s.kinds[:]...) }

// accessUnit is a picture that is being put together of NAL units.
type accessUnit struct {
	begun   bool // a slice has come
	key     bool
	leading bool
	data    []byte      // each unit behind its length
	sets    [3][][]byte // the parameter sets that it carries, by kind
}

// addSet takes in a parameter set, once, and copies it.
func (u *accessUnit) addSet(kind int, set []byte) error {
	if slices.ContainsFunc(u.sets[kind], func(s []byte) bool { return bytes.Equal(s, set) }) {
		return nil
	}
	if len(set) > maxSetSize || len(u.sets[kind]) == maxSets {
		return errNAL
	}
	u.sets[kind] = append(u.sets[kind], bytes.Clone(set))
	return nil
}

// appendUnit appends a NAL unit behind its length.
func appendUnit(to, unit []byte) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(len(unit))) //nolint:gosec // a picture has at most 8 MB
	return append(to, unit...)
}

// picture returns what the units have come to, and takes note of their parameter sets.
// Those of a key frame are in its format; where others change, they stay where they are.
func (u *accessUnit) picture(known *parameterSets, read func(*parameterSets) error) (picture, error) {
	sets := known.with(u.sets)
	switch {
	case !u.begun:
		*known = sets
		return picture{}, nil
	case !u.key:
		var changed []byte
		for kind, group := range u.sets {
			for _, set := range group {
				if !known.has(kind, set) {
					changed = appendUnit(changed, set)
				}
			}
		}
		*known = sets
		if len(changed) > 0 {
			u.data = append(changed, u.data...)
		}
		return picture{data: u.data, leading: u.leading}, nil
	}
	if sets.format == nil {
		if err := read(&sets); err != nil {
			return picture{}, err
		}
	}
	*known = sets
	return picture{data: u.data, key: true, format: sets.format}, nil
}
