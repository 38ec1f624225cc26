package emulate

import "encoding/binary"

// tileRegister is a register of AMX. See Intel's Software Developer's Manual, LDTILECFG:
// rows and bytes are 0 before that.
type tileRegister struct {
	rows, bytes int // of a row
	data        [16]vector
}

// configureTiles sets the shapes of the tile registers, and clears them.
func configureTiles(m *machine, in *instruction) {
	shapes := m.bytesAt(&in.operands[0], 64)
	if shapes[0] != 1 {
		panic(in.fail("an unknown palette"))
	}
	for i := range m.tiles {
		t := tileRegister{rows: int(shapes[48+i]), bytes: int(binary.LittleEndian.Uint16(shapes[16+2*i:]))}
		if t.rows > 16 || t.bytes > 64 || t.bytes%4 != 0 || (t.rows == 0) != (t.bytes == 0) {
			panic(in.fail("an impossible shape"))
		}
		m.tiles[i] = t
	}
}

func releaseTiles(m *machine, _ *instruction) { m.tiles = [8]tileRegister{} }

// tileOf returns the register that an operand names, which has to have a shape.
func (m *machine) tileOf(in *instruction, operand int) *tileRegister {
	t := &m.tiles[in.operands[operand].register]
	if t.rows == 0 {
		panic(in.fail("a register without a shape"))
	}
	return t
}

// tileRow returns a row in memory: the index of the address counts rows.
func (m *machine) tileRow(o *operand, row, bytes int) []byte {
	at := *o
	at.value += int64(m.general[o.index]) * int64(row)
	at.scale = 0
	return m.bytesAt(&at, bytes)
}

func loadTile(m *machine, in *instruction) {
	t := m.tileOf(in, 1)
	t.data = [16]vector{}
	for row := range t.rows {
		copy(t.data[row].bytes()[:], m.tileRow(&in.operands[0], row, t.bytes))
	}
}

func storeTile(m *machine, in *instruction) {
	t := m.tileOf(in, 0)
	for row := range t.rows {
		copy(m.tileRow(&in.operands[1], row, t.bytes), t.data[row].bytes()[:])
	}
}

// dotTiles adds the product of a tile of unsigned bytes, the second operand as written,
// and one of signed bytes, the first.
func dotTiles(m *machine, in *instruction) {
	b, a, sum := m.tileOf(in, 0), m.tileOf(in, 1), m.tileOf(in, 2)
	if a.rows != sum.rows || a.bytes != 4*b.rows || b.bytes != sum.bytes {
		panic(in.fail("shapes that do not fit"))
	}
	for row := range sum.rows {
		for k := range b.rows {
			for column := range sum.bytes / 4 {
				sum.data[row][column] = dotBytes(sum.data[row][column], a.data[row][k], b.data[k][column])
			}
		}
	}
}
