package main

// wordmark draws "Rostrum" in strokes of one width. at is the left end of the base line, x the height of a small letter.
func wordmark(c *canvas, at point, x float64, paint colour) {
	p := pen{c, at, x, x * 0.17, paint}
	for _, glyph := range []struct {
		draw    func(pen)
		advance float64
	}{{capitalR, 1.08}, {o, 1.25}, {s, 0.86}, {letterT, 0.84}, {r, 0.76}, {u, 1.12}, {m, 1.5}} {
		glyph.draw(p)
		p.at.x += glyph.advance * x
	}
}

// pen draws in units of the small letters' height, upwards from the base line.
type pen struct {
	c     *canvas
	at    point
	unit  float64
	thick float64
	paint colour
}

func (p pen) on(x, y float64) point { return point{p.at.x + x*p.unit, p.at.y - y*p.unit} }

func (p pen) line(x1, y1, x2, y2 float64) { p.c.line(p.on(x1, y1), p.on(x2, y2), p.thick, p.paint, 1) }

func (p pen) arc(x, y, radius, from, to float64) {
	p.c.arc(p.on(x, y), radius*p.unit, from, to, p.thick, p.paint)
}

func capitalR(p pen) {
	p.line(0, 0, 0, 1.42)
	p.line(0, 1.42, 0.42, 1.42)
	p.arc(0.42, 1.05, 0.37, 270, 450)
	p.line(0, 0.68, 0.42, 0.68)
	p.line(0.44, 0.68, 0.80, 0)
}

func o(p pen) { p.arc(0.5, 0.5, 0.5, 0, 360) }

func s(p pen) {
	p.line(0.50, 1, 0.25, 1)
	p.arc(0.25, 0.75, 0.25, 90, 270)
	p.line(0.25, 0.5, 0.32, 0.5)
	p.arc(0.32, 0.25, 0.25, 270, 450)
	p.line(0.32, 0, 0.04, 0)
}

func letterT(p pen) {
	p.line(0.22, 1.34, 0.22, 0.26)
	p.arc(0.48, 0.26, 0.26, 90, 180)
	p.line(0, 1, 0.52, 1)
}

func r(p pen) {
	p.line(0, 0, 0, 1)
	p.arc(0.42, 0.58, 0.42, 180, 270)
}

func u(p pen) {
	p.line(0, 1, 0, 0.42)
	p.arc(0.42, 0.42, 0.42, 0, 180)
	p.line(0.84, 1, 0.84, 0)
}

func m(p pen) {
	p.line(0, 0, 0, 1)
	p.arc(0.36, 0.64, 0.36, 180, 360)
	p.line(0.72, 0.64, 0.72, 0)
	p.arc(1.08, 0.64, 0.36, 180, 360)
	p.line(1.44, 0.64, 1.44, 0)
}
