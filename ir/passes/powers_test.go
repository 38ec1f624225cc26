package passes

import "testing"

func TestPowers(t *testing.T) {
	testRewrites(t, "powers", []rewriteTest{
		{
			"layer normalisation",
			`input %x float32[1,4]
input %v float32[1,1]
%s = Unary(%v) "root" {fn=sqrt}
%q = Binary(%x, %x) "square" {fn=mul}
%y = Binary(%q, %s) "div" {fn=div}
output %y`,
			`input %x float32[1,4]
input %v float32[1,1]
const %q.const float32[] = {2}
const %y.1.const float32[] = {-0.5}
%q = Binary(%x, %q.const) "square" {fn=pow}
%y.1 = Binary(%v, %y.1.const) "div" {fn=pow}
%y = Binary(%q, %y.1) "div" {fn=mul}
output %y`,
		},
		{
			"one number over a signal, and over it as a reciprocal",
			`input %x float32[1,4]
const %one float32[] = {1}
const %three float32[] = {3}
%a = Binary(%one, %x) {fn=div}
%y = Binary(%three, %a) {fn=div}
output %y`,
			`input %x float32[1,4]
const %three float32[] = {3}
%a = Unary(%x) {fn=reciprocal}
%y.1 = Unary(%a) {fn=reciprocal}
%y = Binary(%three, %y.1) {fn=mul}
output %y`,
		},
		{
			"whole exponents",
			`input %x float32[1,4]
const %c float32[] = {-6}
%y = Binary(%x, %c) {fn=pow}
output %y`,
			`input %x float32[1,4]
const %y.const float32[] = {2}
const %y.2.const float32[] = {2}
%y.1 = Binary(%x, %y.const) {fn=pow}
%y.2.1 = Binary(%y.1, %y.2.const) {fn=pow}
%y.2 = Binary(%y.1, %y.2.1) {fn=mul}
%y = Unary(%y.2) {fn=reciprocal}
output %y`,
		},
		{
			"an exponent of integers",
			`input %x float32[1,4]
const %c int64[] = {3}
%y = Binary(%x, %c) {fn=pow}
output %y`,
			`input %x float32[1,4]
const %y.const float32[] = {2}
%y.1 = Binary(%x, %y.const) {fn=pow}
%y = Binary(%x, %y.1) {fn=mul}
output %y`,
		},
		{
			"roots",
			`input %x float32[1,4]
const %half float32[1] = {0.5}
const %minus float32[] = {-1}
%a = Binary(%x, %half) {fn=pow}
%y = Binary(%a, %minus) {fn=pow}
output %y`,
			`input %x float32[1,4]
const %y.const float32[] = {-0.5}
%y = Binary(%x, %y.const) {fn=pow}
output %y`,
		},
		{
			"what stays",
			`input %x float32[1,4]
input %z float32[1,4]
input %n int64[4]
const %c float32[] = {1.5}
const %two float32[] = {2}
const %ten float32[] = {10}
const %several float32[4] = {1, 2, 3, 4}
%a = Binary(%x, %c) {fn=pow}
%b = Binary(%x, %two) {fn=pow}
%d = Binary(%x, %ten) {fn=pow}
%e = Binary(%x, %several) {fn=pow}
%f = Binary(%c, %x) {fn=pow}
%g = Binary(%x, %several) {fn=div}
%h = Binary(%x, %z) {fn=mul}
%i = Binary(%n, %n) {fn=mul}
%j = Binary(%n, %n) {fn=div}
output %a, %b, %d, %e, %f, %g, %h, %i, %j`, "",
		},
	})
}
