//go:build !purego

package u8

// winogradArgs are the arguments and the working memory of a block of tiles.
type winogradArgs struct {
	in       winogradInTile
	out      winogradOutTile
	levels   []uint8 // by position, tile and channel
	products []int32 // by position, tile and lane of a panel
	sums     []int32 // by pixel and lane of a panel
	gap      int64
}

func winogradAVX512(w *Worker, c *Winograd, call *Call, from, to int) {
	a := &w.conv.winograd
	tiles := len(c.tileOff)
	if len(a.levels) < 16*tiles*c.depth+Slack {
		a.levels = make([]uint8, 16*tiles*c.depth+Slack)
	}
	if len(a.products) < 16*tiles*64 {
		a.products, a.sums = make([]int32, 16*tiles*64), make([]int32, 4*tiles*64)
	}
	for step := range call.steps() {
		for row := from; row < to; row += c.blockRows() {
			rows := min(c.blockRows(), to-row)
			w.winogradLevels(c, call, step, row, rows)
			for i := range c.panels {
				w.winogradPanel(c, call, &c.panels[i], step, row, rows)
			}
		}
	}
}

// winogradLevels transforms the levels of some rows of tiles.
func (w *Worker) winogradLevels(c *Winograd, call *Call, step, first, rows int) {
	a := &w.conv.winograd
	position := rows * c.wide * c.depth
	for row := range rows {
		for channel := 0; channel < c.in.C; channel += 64 {
			start := step*c.in.Len() + int(c.inOff[2*(first+row)*c.out.W]) + channel
			a.in = winogradInTile{
				in: &call.Src[start], row: int64(c.in.Row()), pixel: int64(c.in.Pixel()),
				out: &a.levels[row*c.wide*c.depth+channel], position: int64(position), tile: int64(c.depth),
				tiles: int64(c.wide), mask: ^uint64(0) >> (64 - min(64, c.in.C-channel)), offset: int64(c.offset()),
			}
			winogradInTileAVX512(&a.in)
		}
	}
}

// winogradPanel multiplies the transformed levels by a panel's weights, position by
// position, and turns the products into currents.
func (w *Worker) winogradPanel(c *Winograd, call *Call, p *panel, step, first, rows int) {
	a, t, tiles, width := &w.conv.winograd, &w.conv.tiles[0], rows*c.wide, 16*p.vecs
	weights := c.weights[16*p.lane*c.depth:]
	for position := range 16 {
		*t = convTile{
			in: &a.levels[position*tiles*c.depth], inOff: &c.tileOff[0],
			weights: &weights[position*c.panelLen(p)], run: int64(c.depth), gaps: &a.gap, runs: 1, ahead: int64(c.panelLen(p)),
			bias: &c.correction[position*len(c.lanes)+p.lane],
			sums: &a.products[position*tiles*width], sumsStride: int64(4 * width),
		}
		t.runTiles(convTileAVX512[p.vecs], tiles)
	}
	for row := range rows {
		a.out = winogradOutTile{
			in: &a.products[row*c.wide*width], position: int64(4 * tiles * width),
			out: &a.sums[0], row: int64(4 * 2 * c.wide * width), tiles: int64(c.wide), bias: &call.bias(step)[p.lane],
		}
		winogradOutTileAVX512[p.vecs][0](&a.out)
		w.winogradFinish(c, call, p, step, 2*(first+row))
	}
}

// winogradFinish stores or fires the two rows of currents from row y on.
func (w *Worker) winogradFinish(c *Winograd, call *Call, p *panel, step, y int) {
	width := 16 * p.vecs
	for i := range min(2, c.out.H-y) {
		sums, first := w.conv.winograd.sums[i*2*c.wide*width:], (y+i)*c.out.W
		if call.Sums != nil {
			for x := range c.out.W {
				to, _ := w.place(call, p, first+x, step)
				copy(to[:width], sums[x*width:])
			}
			to, stride := w.place(call, p, first, step)
			w.mix(call, p, step, first, c.out.W, to, stride)
			continue
		}
		w.mix(call, p, step, first, c.out.W, sums, width)
		w.conv.fire.prepare(call, p)
		w.rows.open(w, call, p, first, c.out.W, 1)
		w.rows.sums, w.rows.step, w.rows.steps = sums, step, 1
		w.fire()
	}
}
