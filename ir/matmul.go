package ir

import (
	"fmt"
	"slices"
)

// MatMul is the matrix product of numpy.matmul, batch axes broadcast. Inputs: a, b.
type MatMul struct{}

// Kind implements Op.
func (MatMul) Kind() string { return "MatMul" }

// Infer implements Op.
func (MatMul) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 2, 2), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	if !in[0].Ranked || !in[1].Ranked {
		return unranked(Float32)
	}
	a, b := in[0].Shape, in[1].Shape
	if len(a) == 0 || len(b) == 0 {
		return nil, fmt.Errorf("cannot multiply %v by %v: want at least one axis each", a, b)
	}
	rows, inner := matMulLeft(a)
	inner2, cols := matMulRight(b)
	if !inner.fits(inner2) {
		return nil, fmt.Errorf("cannot multiply %v by %v: inner lengths differ", a, b)
	}
	batch, err := broadcast(a[:max(0, len(a)-2)], b[:max(0, len(b)-2)])
	if err != nil {
		return nil, err
	}
	return result(Float32, slices.Concat(batch, rows, cols))
}

// matMulLeft splits the matrix axes of a left operand; a vector has no row axis.
func matMulLeft(a Shape) (rows Shape, inner Dim) {
	if n := len(a); n > 1 {
		rows = a[n-2 : n-1]
	}
	return rows, a[len(a)-1]
}

// matMulRight splits the matrix axes of a right operand; a vector has no column axis.
func matMulRight(b Shape) (inner Dim, cols Shape) {
	if n := len(b); n > 1 {
		return b[n-2], b[n-1:]
	}
	return b[0], nil
}
