package clip

// chooser keeps the first track of each kind that can be sent, and notes each other.
type chooser struct {
	tracks []Track
	left   []omission
}

// An omission is a track that will not be sent.
type omission struct {
	codec  string // as the container calls it
	audio  bool
	second bool // it could be sent, but one of its kind already is
}

// take says whether the track is in. A track without codec can't be sent. What is neither sound nor picture, subtitles for
// one, is passed over in silence.
func (c *chooser) take(t Track, codec string, audio, picture bool) bool {
	if !audio && !picture {
		return false
	}
	if t.Codec.MimeType == "" {
		c.left = append(c.left, omission{codec: codec, audio: audio})
		return false
	}
	for _, have := range c.tracks {
		if have.Kind() == t.Kind() {
			c.left = append(c.left, omission{codec: codec, audio: audio, second: true})
			return false
		}
	}
	c.tracks = append(c.tracks, t)
	return true
}
