package clip

import "github.com/Eyevinn/mp4ff/bits"

// parameters reads parameter sets as far as the timing. mp4ff's own parsers read them whole, but believe every count that a
// damaged set holds. Past the end everything reads as zero.
type parameters struct{ *bits.EBSPReader }

func (p parameters) skip(counts ...int) {
	for _, n := range counts {
		for ; n > 0; n -= min(n, 24) {
			p.Read(min(n, 24))
		}
	}
}

// codes passes over n variable-length codes.
func (p parameters) codes(n uint) {
	for range n {
		p.ReadExpGolomb()
	}
}

// count reads a code that says how many things follow; more than the standard allows is taken as none.
func (p parameters) count(most uint) uint {
	if n := p.ReadExpGolomb(); n <= most {
		return n
	}
	return 0
}

// sps reads a sequence parameter set of H264 (section 7.3.2.1.1).
func (p parameters) sps() (t timing) {
	const baseline = 66
	p.skip(8)
	profile := p.Read(8)
	p.skip(16)
	p.codes(1)
	if profile >= 100 || profile == 44 || profile == 83 || profile == 86 {
		p.highProfile()
	}
	p.codes(1)
	switch p.ReadExpGolomb() { // how pictures are ordered
	case 0:
		p.codes(1)
	case 1:
		p.skip(1)
		p.codes(2)
		p.codes(p.count(255))
	}
	p.codes(1)
	p.skip(1)
	p.codes(2)
	if !p.ReadFlag() { // interlaced
		p.skip(1)
	}
	p.skip(1)
	if p.ReadFlag() {
		p.codes(4)
	}
	if p.ReadFlag() {
		t = p.usability()
	}
	if profile == baseline {
		t.order = inOrder
	}
	if p.AccError() != nil {
		return timing{order: t.order}
	}
	return t
}

func (p parameters) highProfile() {
	lists := 8
	if p.ReadExpGolomb() == 3 {
		lists = 12
		p.skip(1)
	}
	p.codes(2)
	p.skip(1)
	if !p.ReadFlag() {
		return
	}
	for i := range lists {
		if !p.ReadFlag() {
			continue
		}
		size, last, next := 16, 8, 8
		if i >= 6 {
			size = 64
		}
		for range size {
			if next != 0 {
				next = (last + p.ReadSignedGolomb()) & 0xFF
			}
			if next != 0 {
				last = next
			}
		}
	}
}

// usability reads the VUI parameters (annex E), where the timing is.
func (p parameters) usability() (t timing) {
	const ownAspect = 255
	if p.ReadFlag() && p.Read(8) == ownAspect {
		p.skip(32)
	}
	if p.ReadFlag() {
		p.skip(1)
	}
	if p.ReadFlag() {
		p.skip(4)
		if p.ReadFlag() {
			p.skip(24)
		}
	}
	if p.ReadFlag() {
		p.codes(2)
	}
	if p.ReadFlag() {
		ticks, scale := p.Read(32), p.Read(32)
		t.rate = frameRate(scale, 2*ticks) // a tick is a field
		p.skip(1)
	}
	nal := p.ReadFlag() && p.buffering()
	if vcl := p.ReadFlag() && p.buffering(); nal || vcl {
		p.skip(1)
	}
	p.skip(1)
	if p.ReadFlag() {
		p.skip(1)
		p.codes(4)
		t.order = orderOf(p.ReadExpGolomb())
	}
	return t
}

func (p parameters) buffering() bool {
	schedules := p.count(31) + 1
	p.skip(8)
	for range schedules {
		p.codes(2)
		p.skip(1)
	}
	p.skip(20)
	return true
}

// vps reads a video parameter set of H265 (section 7.3.2.1).
func (p parameters) vps() timing {
	p.skip(16, 12)
	layers := int(p.Read(3))
	p.skip(1, 16)
	p.profile(layers)
	var reordered uint
	each := p.ReadFlag()
	for i := 0; i <= layers; i++ {
		if each || i == layers {
			p.codes(1)
			reordered = max(reordered, p.ReadExpGolomb())
			p.codes(1)
		}
	}
	most := int(p.Read(6))
	p.skip(int(p.count(1023)) * (most + 1))
	t := timing{order: orderOf(reordered)}
	if p.ReadFlag() {
		ticks, scale := p.Read(32), p.Read(32)
		t.rate = frameRate(scale, ticks)
	}
	if p.AccError() != nil {
		return timing{order: inOrder}
	}
	return t
}

// profile passes over profile_tier_level.
func (p parameters) profile(layers int) {
	const general, level = 88, 8
	p.skip(general, level)
	var bits [8]int
	for i := range layers {
		if p.ReadFlag() {
			bits[i] += general
		}
		if p.ReadFlag() {
			bits[i] += level
		}
	}
	if layers > 0 {
		p.skip(2 * (8 - layers))
	}
	p.skip(bits[:]...)
}
