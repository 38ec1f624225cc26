package passes

import "testing"

func TestGlobalPools(t *testing.T) {
	testRewrites(t, "global-pools", []rewriteTest{
		{
			"means",
			`input %x float32[1,3,4,5]
const %axes int64[2] = {-1, 2}
%a = Reduce(%x, %axes)
%b = Reduce(%x, %axes) "mean" {keepDims=false}
output %a, %b`,
			`input %x float32[1,3,4,5]
const %b.shape int64[2] = {1, 3}
%a = GlobalAveragePool(%x)
%b.1 = GlobalAveragePool(%x) "mean"
%b = Reshape(%b.1, %b.shape) "mean"
output %a, %b`,
		},
		{
			"windows over everything",
			`input %x float32[1,3,4,5]
%a = AveragePool(%x) {kernel=[4,5] strides=[4,5] pads=[0,0,0,0]}
%b = MaxPool(%x) {kernel=[4,5]}
output %a, %b`,
			`input %x float32[1,3,4,5]
%a = GlobalAveragePool(%x)
%b = GlobalMaxPool(%x)
output %a, %b`,
		},
		{
			"others",
			`input %x float32[1,3,4,5]
input %n int64[1,3,4]
const %axes int64[2] = {1, 2}
const %last int64[1] = {2}
%a = AveragePool(%x) {kernel=[4,5] pads=[1,0,0,0]}
%b = MaxPool(%x) {kernel=[4,4]}
%c = Reduce(%x, %axes)
%d = Reduce(%n, %last)
%e = Reduce(%x)
%f = Reduce(%x, %last) {fn=sum}
output %a, %b, %c, %d, %e, %f`, "",
		},
	})
}

func TestCanonicalGemm(t *testing.T) {
	testRewrites(t, "canonical-gemm", []rewriteTest{
		{
			"MatMul",
			`input %x float32[1,2]
const %w float32[2,3] = {1, 2, 3, 4, 5, 6}
%y = MatMul(%x, %w) "fc"
output %y`,
			`input %x float32[1,2]
const %w.1 float32[3,2] = {1, 4, 2, 5, 3, 6}
%y = Gemm(%x, %w.1) "fc" {transB=true}
output %y`,
		},
		{
			"every attribute",
			`input %x float32[2,1]
const %w float32[2,2] = {1, 2, 3, 4}
const %c float32[1] = {10}
%y = Gemm(%x, %w, %c) "fc" {alpha=2 beta=0.5 transA=true}
output %y`,
			`input %x float32[2,1]
const %w.1 float32[2,2] = {2, 6, 4, 8}
const %c.1 float32[2] = {5, 5}
%x.1 = Transpose(%x) "x.1" {perm=[1,0]}
%y = Gemm(%x.1, %w.1, %c.1) "fc" {transB=true}
output %y`,
		},
		{
			"bias without weight",
			`input %x float32[1,2]
const %w float32[2,2] = {1, 2, 3, 4}
const %c float32[1,2] = {10, 20}
%y = Gemm(%x, %w, %c) {beta=0 transB=true}
%z = Gemm(%y, %w, %c) {transB=true}
output %z`,
			`input %x float32[1,2]
const %w.1 float32[2,2] = {1, 2, 3, 4}
const %w.2 float32[2,2] = {1, 2, 3, 4}
const %c.1 float32[2] = {10, 20}
%y = Gemm(%x, %w.1) {transB=true}
%z = Gemm(%y, %w.2, %c.1) {transB=true}
output %z`,
		},
		{
			"not constant, or not one bias",
			`input %x float32[2,2]
input %v float32[2]
const %w float32[2,2] = {1, 2, 3, 4}
const %c float32[2,1] = {10, 20}
const %huge float32[2,2] = {3e38, 2, 3, 4}
const %b float32[2] = {1, 2}
%1 = MatMul(%x, %x)
%2 = Gemm(%1, %w, %c)
%3 = Gemm(%2, %w, %v)
%4 = MatMul(%3, %v)
%5 = Gemm(%3, %huge) {alpha=2}
%6 = Gemm(%5, %w, %b) {transB=true}
output %4, %6`, "",
		},
	})
}

func TestFoldAffine(t *testing.T) {
	testRewrites(t, "fold-affine", []rewriteTest{
		{
			"BatchNormalization",
			`input %x float32[1,1,3]
const %w float32[2,1,1] = {1, 2}
const %b float32[2] = {10, 20}
const %scale float32[2] = {3, 4}
const %bias float32[2] = {5, 6}
const %mean float32[2] = {7, 8}
const %var float32[2] = {3, 15}
%c = Conv(%x, %w, %b) "conv"
%y = BatchNormalization(%c, %scale, %bias, %mean, %var) "bn" {epsilon=1}
%z = Relu(%y)
output %z`,
			// scale 3/2, 4/4; shift 5-7*1.5, 6-8
			`input %x float32[1,1,3]
const %w.1 float32[2,1,1] = {1.5, 2}
const %b.1 float32[2] = {9.5, 18}
%y = Conv(%x, %w.1, %b.1) "conv"
%z = Relu(%y)
output %z`,
		},
		{
			"chain",
			`input %x float32[1,1,3]
const %w float32[2,1,1] = {1, 2}
const %c1 float32[2,1] = {1, 2}
const %c2 float32[1,2,1] = {4, 8}
const %c3 float32[] = {3}
%c = Conv(%x, %w)
%1 = Add(%c1, %c)
%2 = Binary(%1, %c2) {fn=mul}
%3 = Binary(%2, %c3) {fn=sub}
%4 = Binary(%c3, %3) {fn=sub}
%5 = Binary(%4, %c2) {fn=div}
%6 = Unary(%5)
output %6`,
			// 1: x+1, 2x+2; 2: 4x+4, 16x+16; 3: 4x+1, 16x+13; 4: -4x+2, -16x-10; 5: -x+0.5, -2x-1.25
			`input %x float32[1,1,3]
const %w float32[2,1,1] = {1, 2}
const %c.bias float32[2] = {-0.5, 1.25}
%6 = Conv(%x, %w, %c.bias)
output %6`,
		},
		{
			"Gemm",
			`input %x float32[1,2]
const %w float32[2,2] = {1, 2, 3, 4}
const %b float32[2] = {10, 20}
const %s float32[1,2] = {2, 3}
%c = Gemm(%x, %w, %b) "fc" {transB=true}
%y = Binary(%s, %c) {fn=mul}
output %y`,
			`input %x float32[1,2]
const %w.1 float32[2,2] = {2, 4, 9, 12}
const %b.1 float32[2] = {20, 60}
%y = Gemm(%x, %w.1, %b.1) "fc" {transB=true}
output %y`,
		},
		{
			"not foldable",
			`input %x float32[1,2,2]
input %v float32[2]
const %w float32[2,2,1] = {1, 2, 3, 4}
const %wide float32[2] = {1, 2}
const %tall float32[3,1,1,1] = {1, 2, 3}
const %c float32[2,1] = {1, 2}
const %zero float32[] = {0}
const %big float32[] = {1e-30}
const %one float32[2] = {1, 1}
const %negative float32[2] = {-2, 1}
%1 = Conv(%x, %w)
%2 = Add(%1, %wide)
%3 = Conv(%2, %w)
%4 = Add(%3, %c)
%5 = Relu(%3)
%6 = Add(%4, %5)
%7 = Conv(%6, %w)
%8 = Binary(%7, %zero) {fn=div}
%9 = Conv(%8, %w, %v)
%10 = Add(%9, %c)
%11 = Conv(%10, %w)
%12 = Binary(%c, %11) {fn=div}
%13 = Conv(%12, %w)
%14 = BatchNormalization(%13, %one, %one, %one, %negative)
%15 = Conv(%14, %w)
%16 = Add(%15, %tall)
%17 = BatchNormalization(%x, %one, %one, %one, %one)
%18 = Conv(%17, %w)
%19 = Add(%18, %18)
output %16, %19`, "",
		},
	})
}
