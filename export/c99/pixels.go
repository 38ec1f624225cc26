package c99

import (
	"fmt"
	"slices"

	"ann2snn/preprocess"
	"ann2snn/snn"
)

// pixels says how bytes of a picture, pixel by pixel, become levels of the input.
type pixels struct {
	*preprocess.Input
	levels [][256]int32 // by channel of the input; one for all where they are the same
	mirror bool         // colours are in the opposite order
	// places[k] is where element k of a picture, pixel by pixel, lies in the input layer; nil
	// where the layer has the same order.
	places []int
}

// place returns where element k of a picture, pixel by pixel, lies in the input layer.
func (p *pixels) place(k int) int {
	if p == nil || p.places == nil {
		return k
	}
	return p.places[k]
}

// orderOf returns the places of the elements of a picture.
func orderOf(n *snn.Network, px *preprocess.Input) []int {
	places, same := make([]int, px.Len()), true
	for k := range places {
		i := k
		if px.ChannelsFirst {
			i = k%px.C*px.H*px.W + k/px.C
		}
		places[k] = n.InputIndex(i)
		same = same && places[k] == k
	}
	if same {
		return nil
	}
	return places
}

// pixelsOf folds the preprocessing that is stored with a network into tables, nil where
// the network does not take pictures.
func pixelsOf(n *snn.Network) (*pixels, error) {
	p, err := preprocess.Parse(n.Meta.Preprocess)
	if err != nil {
		return nil, fmt.Errorf("c99: %w", err)
	}
	if p.IsZero() {
		return nil, nil
	}
	l := &n.Layers[0]
	op, _ := l.Op.(snn.Input)
	px, err := p.Input(n.InputShape())
	if err != nil {
		return nil, fmt.Errorf("c99: %w", err)
	}
	flat := l.Shape.H*l.Shape.W == 1
	if flat && px.ChannelsFirst && px.C > 1 && px.H*px.W > 1 {
		return nil, nil // a flattened picture, one colour after the other
	}
	ps := &pixels{Input: px, mirror: px.From[0] != 0, places: orderOf(n, px)}
	if len(l.Scale) > 1 && (ps.places != nil || px.C < l.Shape.C) {
		return nil, nil // pixels of a channel of the picture that take tables of their own
	}
	for c, values := range px.Values {
		var levels [256]int32
		for b, x := range values {
			levels[b] = op.Level(x, l.LevelValueAt(c))
		}
		ps.levels = append(ps.levels, levels)
	}
	if !slices.ContainsFunc(ps.levels, func(other [256]int32) bool { return other != ps.levels[0] }) {
		ps.levels = ps.levels[:1]
	}
	return ps, nil
}

// levelsOf returns a sample as levels in H, W, C order.
func levelsOf(n *snn.Network, sample []float32) []int32 {
	l := &n.Layers[0]
	op, _ := l.Op.(snn.Input)
	levels := make([]int32, len(sample))
	for i, x := range sample {
		place := n.InputIndex(i)
		levels[place] = op.Level(x, l.LevelValueAt(place))
	}
	return levels
}

// pictures returns the pictures whose bytes become levels, nil where there are none.
func (p *pixels) pictures(inputs [][]int32) [][]int32 {
	if p == nil {
		return nil
	}
	var all [][]int32
	for _, levels := range inputs {
		picture := make([]int32, len(levels))
		for k := range levels {
			b := slices.Index(p.levels[k%p.C%len(p.levels)][:], levels[p.place(k)])
			if b < 0 {
				return nil
			}
			picture[k-k%p.C+p.From[k%p.C]] = int32(b)
		}
		all = append(all, picture)
	}
	return all
}
