package ir

import "fmt"

// DepthToSpace makes a block of Block x Block positions of so many channels. A channel is
// (row, column, new channel) of the block, or (new channel, row, column) with CRD.
// Input: x [N,C,H,W].
type DepthToSpace struct {
	Block int
	CRD   bool
}

// Kind implements Op.
func (DepthToSpace) Kind() string { return "DepthToSpace" }

// Infer implements Op.
func (op DepthToSpace) Infer(in []Type) ([]Type, error) {
	s, err := blockShape(in, op.Block)
	if s == nil || err != nil {
		return []Type{{DType: at(in, 0).DType}}, err
	}
	area := op.Block * op.Block
	if s[1].N%area != 0 && s[1].N >= 0 {
		return nil, fmt.Errorf("%d channels do not make blocks of %d x %d", s[1].N, op.Block, op.Block)
	}
	block := Dim{N: op.Block}
	return result(in[0].DType, Shape{s[0], divDim(s[1], area), mulDims(Shape{s[2], block}), mulDims(Shape{s[3], block})})
}

// SpaceToDepth undoes DepthToSpace without CRD. Input: x [N,C,H,W].
type SpaceToDepth struct {
	Block int
}

// Kind implements Op.
func (SpaceToDepth) Kind() string { return "SpaceToDepth" }

// Infer implements Op.
func (op SpaceToDepth) Infer(in []Type) ([]Type, error) {
	s, err := blockShape(in, op.Block)
	if s == nil || err != nil {
		return []Type{{DType: at(in, 0).DType}}, err
	}
	if max(s[2].N, 0)%op.Block != 0 || max(s[3].N, 0)%op.Block != 0 {
		return nil, fmt.Errorf("a map of %v x %v does not divide into blocks of %d x %d", s[2], s[3], op.Block, op.Block)
	}
	block := Dim{N: op.Block}
	return result(in[0].DType, Shape{s[0], mulDims(Shape{s[1], block, block}), divDim(s[2], op.Block), divDim(s[3], op.Block)})
}

// blockShape returns the shape of the input, nil where its rank is not known.
func blockShape(in []Type, block int) (Shape, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	const widest = 1 << 15 // its square is an axis length
	switch x := in[0]; {
	case block < 1 || block > widest:
		return nil, fmt.Errorf("blocks of %d positions, want 1 to %d", block, widest)
	case !x.Ranked:
		return nil, nil
	case len(x.Shape) != 4:
		return nil, fmt.Errorf("input has shape %v, want 4 axes", x.Shape)
	default:
		return x.Shape, nil
	}
}

func divDim(d Dim, by int) Dim {
	if d.N < 0 {
		return Dim{N: -1}
	}
	return Dim{N: d.N / by}
}
