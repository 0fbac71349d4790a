package main

import "math"

// colour is linear enough for flat shapes on a dark ground: 0 to 1 a channel.
type colour struct{ r, g, b float64 }

func hex(v uint32) colour {
	return colour{float64(v>>16&255) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}
}

func (c colour) mix(o colour, part float64) colour {
	return colour{c.r + (o.r-c.r)*part, c.g + (o.g-c.g)*part, c.b + (o.b-c.b)*part}
}

type point struct{ x, y float64 }

func (p point) to(q point) float64 { return math.Hypot(q.x-p.x, q.y-p.y) }

type canvas [width * height]colour

func blank(ground colour) *canvas {
	c := new(canvas)
	for i := range c {
		c[i] = ground
	}
	return c
}

// fill covers the pixels inside a shape, which is given by its distance function and a box around it. Edges are smooth.
func (c *canvas) fill(low, high point, paint colour, opacity float64, distance func(point) float64) {
	for y := max(int(low.y)-1, 0); y <= min(int(high.y)+1, height-1); y++ {
		for x := max(int(low.x)-1, 0); x <= min(int(high.x)+1, width-1); x++ {
			cover := 0.5 - distance(point{float64(x) + 0.5, float64(y) + 0.5})
			if cover = math.Min(math.Max(cover, 0), 1) * opacity; cover > 0 {
				at := &c[y*width+x]
				*at = at.mix(paint, cover)
			}
		}
	}
}

func (c *canvas) disc(centre point, radius float64, paint colour, opacity float64) {
	c.fill(point{centre.x - radius, centre.y - radius}, point{centre.x + radius, centre.y + radius}, paint, opacity,
		func(p point) float64 { return p.to(centre) - radius })
}

// line has round ends.
func (c *canvas) line(a, b point, thick float64, paint colour, opacity float64) {
	half := thick / 2
	low := point{math.Min(a.x, b.x) - half, math.Min(a.y, b.y) - half}
	high := point{math.Max(a.x, b.x) + half, math.Max(a.y, b.y) + half}
	dx, dy := b.x-a.x, b.y-a.y
	square := math.Max(dx*dx+dy*dy, 1e-9)
	c.fill(low, high, paint, opacity, func(p point) float64 {
		along := math.Min(math.Max(((p.x-a.x)*dx+(p.y-a.y)*dy)/square, 0), 1)
		return p.to(point{a.x + along*dx, a.y + along*dy}) - half
	})
}

// arc goes clockwise on the screen from one angle to another, in degrees with 0 at the right; its ends are round.
func (c *canvas) arc(centre point, radius, from, to, thick float64, paint colour) {
	half := thick / 2
	reach := radius + half
	on := func(degrees float64) point {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		return point{centre.x + radius*cos, centre.y + radius*sin}
	}
	a, b := on(from), on(to)
	c.fill(point{centre.x - reach, centre.y - reach}, point{centre.x + reach, centre.y + reach}, paint, 1,
		func(p point) float64 {
			angle := math.Atan2(p.y-centre.y, p.x-centre.x) * 180 / math.Pi
			if math.Mod(angle-from+720, 360) <= to-from {
				return math.Abs(p.to(centre)-radius) - half
			}
			return math.Min(p.to(a), p.to(b)) - half
		})
}

func (c *canvas) rgb() []byte {
	out := make([]byte, 0, 3*len(c))
	for _, p := range c {
		out = append(out, byte(p.r*255+0.5), byte(p.g*255+0.5), byte(p.b*255+0.5))
	}
	return out
}
