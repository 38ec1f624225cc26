package c99

import "ann2snn/internal/arena"

// layout says where everything lies in the memory that the user of an export provides:
// the handle, rows of integers for the pixel at work, and then maps.
type layout struct {
	size   int
	places []place // of every layer
}

// place is where a layer's maps and its neurons' memory are.
type place struct {
	Map   int // offset of the map of step 0
	Step  int // elements from the map of a step to the next
	State int // offset of the memory of the first pixel's neurons
	Pixel int // integers from the memory of a pixel's neurons to the next
}

// The rows for the pixel at work, each as long as the layer with most channels.
const (
	rowCurrent = iota
	rowLevels
	rowPart
	rowState // two of them
	rowCount = rowState + 2
)

const word = 4

// handle is the size of the struct that the arena begins with.
func (m *module) handle() int { return 2*word + word*m.layers[m.net.Output].Shape.Len() }

// row returns the offset of a row.
func (m *module) row(i int) int {
	widest := 0
	for i := range m.layers {
		widest = max(widest, m.layers[i].Shape.C)
	}
	return m.handle() + i*word*widest
}

// placeMaps lays out both arenas. Step by step, maps of one step suffice, but membranes
// stay from step to step; where that takes less, it serves both ways. Neurons that wait
// cannot be run step by step.
func (m *module) placeMaps() {
	m.places[0] = m.atOnce()
	if m.net.Steps == 1 || m.net.Waits() {
		m.places[1] = m.places[0]
		return
	}
	m.places[1] = m.stepByStep()
	if m.places[1].size <= m.places[0].size {
		m.places[0] = m.places[1]
	}
}

// atOnce is the arena in which every layer runs through all steps before the next one.
func (m *module) atOnce() layout {
	p := &placer{end: m.row(rowCount), places: make([]place, len(m.layers))}
	for i := range m.layers {
		l := &m.layers[i]
		p.places[i].State = m.row(rowState)
		if l.fused {
			continue
		}
		steps := m.stepsOf(l)
		if steps > 1 {
			p.places[i].Step = l.Shape.Len()
		}
		p.add(&p.places[i].Map, steps*l.Shape.Len()*l.held.bytes, i, l.last)
	}
	return p.layout()
}

// stepByStep is the arena in which every step runs through all layers.
func (m *module) stepByStep() layout {
	end := len(m.layers)
	p := &placer{end: m.row(rowCount), places: make([]place, len(m.layers))}
	for i := range m.layers {
		l := &m.layers[i]
		if l.fused {
			continue
		}
		first, last, steps := i, l.last, 1
		if l.history {
			first, last = 0, end
		}
		if l.history && !l.Constant {
			steps, p.places[i].Step = m.net.Steps, l.Shape.Len()
		}
		p.add(&p.places[i].Map, steps*l.Shape.Len()*l.held.bytes, first, last)
		if rows := l.rows(); rows > 0 {
			p.places[i].Pixel = rows * l.Shape.C
			p.add(&p.places[i].State, rows*l.Shape.Len()*word, 0, end)
		}
	}
	return p.layout()
}

// placer lays out an arena.
type placer struct {
	end     int // of what is placed already
	places  []place
	buffers []*arena.Buffer
	offsets []*int // where the place of each buffer goes
}

// add asks for memory of a size in bytes that is in use from a layer to another one.
func (p *placer) add(at *int, size, first, last int) {
	size = (size + word - 1) / word * word
	p.buffers = append(p.buffers, &arena.Buffer{Size: size, First: first, Last: last})
	p.offsets = append(p.offsets, at)
}

func (p *placer) layout() layout {
	end := arena.Place(p.buffers, p.end, word)
	for i, b := range p.buffers {
		*p.offsets[i] = b.At
	}
	return layout{end, p.places}
}
