package u8

// mixRows is a block of sums to turn into currents: those of a panel at a step, in rows of
// 16*panel.vecs lanes.
type mixRows struct {
	call   *Call
	panel  *panel
	rows   int
	sums   []int32
	stride int     // from a row of sums to the next
	plus   []int32 // nil, or Call.Plus from the block on; its rows are all lanes long
}

// mixes reports whether sums have to be turned into currents.
func (call *Call) mixes() bool { return call.Mult != nil || call.Plus != nil }

// mix turns the sums of some pixels from first on into currents.
func (w *Worker) mix(call *Call, p *panel, step, first, rows int, sums []int32, stride int) {
	if !call.mixes() {
		return
	}
	m := &w.mixed
	*m = mixRows{call: call, panel: p, rows: rows, sums: sums, stride: stride}
	if call.Plus != nil {
		m.plus = call.Plus[(step*call.Conv.Pixels()+first)*call.Conv.Lanes()+p.lane:]
	}
	w.set.mix(w, m)
}

// mixPlain is the specification of the mix kernels.
func mixPlain(_ *Worker, m *mixRows) {
	lanes := m.call.Conv.Lanes()
	for i := range m.rows {
		row := m.sums[i*m.stride:][:16*m.panel.vecs]
		for j := range row {
			lane := m.panel.lane + j
			if m.call.Mult != nil {
				row[j] *= m.call.Mult[lane]
			}
			if m.call.Offset != nil {
				row[j] += m.call.Offset[lane]
			}
			switch {
			case m.plus == nil:
			case m.call.PlusMult == nil:
				row[j] += m.plus[i*lanes+j]
			default:
				row[j] += m.plus[i*lanes+j] * m.call.PlusMult[lane]
			}
		}
	}
}
