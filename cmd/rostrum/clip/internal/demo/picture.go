package main

import "math"

var (
	ground = hex(0x10141d)
	seat   = hex(0x2a3142)
	light  = hex(0xeef1f7)
	accent = hex(0xffb32e)
)

// picture draws the clip at t seconds: one speaker in the middle of the room, a hand that sweeps over the seats twice in
// the loop, and with each bell a wave that runs from the speaker to the last row.
func picture(t float64) *canvas {
	c := blank(ground)
	room(c, point{288, 270}, t)
	wordmark(c, point{566, 250}, 43, light)
	progress(c, point{562, 300}, t)
	meter(c, point{562, 352}, t)
	return c
}

func room(c *canvas, centre point, t float64) {
	_, since := math.Modf(t)
	hand := 2*math.Pi*math.Mod(t, seconds/2)/(seconds/2) - math.Pi/2
	wave := 24 + 330*since
	for row, count := range []int{11, 18, 25, 32, 39} {
		radius := 66 + 37*float64(row)
		for i := range count {
			angle := 2 * math.Pi * float64(i) / float64(count)
			sin, cos := math.Sincos(angle - math.Pi/2)
			behind := math.Mod(hand+math.Pi/2-angle+4*math.Pi, 2*math.Pi)
			swept := math.Exp(-behind / 0.9)
			struck := bump((radius-wave)/26) * math.Min(1, 4*(1-since))
			paint := seat.mix(light, 0.85*swept).mix(accent, struck)
			c.disc(point{centre.x + radius*cos, centre.y + radius*sin}, 6.5+2.5*struck+0.8*swept, paint, 1)
		}
	}
	sin, cos := math.Sincos(hand)
	c.line(point{centre.x + 34*cos, centre.y + 34*sin}, point{centre.x + 236*cos, centre.y + 236*sin}, 2.5, light, 0.9)
	flash := math.Exp(-since / 0.16)
	c.disc(centre, 17+13*flash, accent, 0.25+0.2*flash)
	c.disc(centre, 15+5*flash, accent.mix(light, 0.7*flash), 1)
}

// bump is one at zero, and soon nothing beside it.
func bump(x float64) float64 { return math.Exp(-x * x) }

// progress is one pill a second.
func progress(c *canvas, at point, t float64) {
	const pitch, long, thick = 42, 32, 7
	for n := range seconds {
		a := point{at.x + pitch*float64(n) + thick/2, at.y}
		c.line(a, point{a.x + long - thick, a.y}, thick, seat, 1)
		if full := math.Min(t-float64(n), 1); full >= 0 {
			c.line(a, point{a.x + (long-thick)*full, a.y}, thick, accent, 1)
		}
	}
}

// meter shows the sound, the newest in the middle.
func meter(c *canvas, at point, t float64) {
	const bars, pitch = 33, 10.15
	for n := range bars {
		away := math.Abs(float64(n) - bars/2)
		shape := 0.45 + 0.55*math.Abs(math.Sin(float64(n)*1.7+1))
		level := loudness(t-away*0.012) * shape * (1 - away/(bars/2+3))
		tall := 27 * level
		x := at.x + 3.5 + pitch*float64(n)
		c.line(point{x, at.y - tall}, point{x, at.y + tall}, 4, seat.mix(accent, math.Min(1, 2.2*level)), 1)
	}
}
