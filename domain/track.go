package domain

// MediaKind is audio or video.
type MediaKind string

// The kinds of media.
const (
	Audio MediaKind = "audio"
	Video MediaKind = "video"
)

// Codec is the name of an encoding as SDP spells it, upper case: VP8, H264, OPUS.
type Codec string

// The codecs that are served.
const (
	VP8  Codec = "VP8"
	VP9  Codec = "VP9"
	H264 Codec = "H264"
	H265 Codec = "H265"
	AV1  Codec = "AV1"
	Opus Codec = "OPUS"
)

// Kind says whether the codec carries sound or picture.
func (c Codec) Kind() MediaKind {
	if c == Opus {
		return Audio
	}
	return Video
}

// Track is one audio or video stream of a publisher. Format holds the codec's
// parameters as an SDP fmtp attribute spells them, "" for the codec's defaults.
// Layers are its encodings, best first; there is always at least one.
type Track struct {
	ID     TrackID
	Codec  Codec
	Format string
	Layers []Layer
}

// Kind says whether the track is sound or picture.
func (t Track) Kind() MediaKind { return t.Codec.Kind() }

// Layer is one simulcast encoding of a track. A paused one is not being sent.
type Layer struct {
	ID     LayerID
	Paused bool
}

// best returns the best layer that is being sent, or the best of all when every
// one is paused: a viewer of it starts as soon as the layer does.
func (t Track) best() LayerID {
	for _, l := range t.Layers {
		if !l.Paused {
			return l.ID
		}
	}
	return t.Layers[0].ID
}
