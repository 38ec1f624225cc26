// Package ir is for reading and rewriting trained networks: a network is a graph of typed
// values and operators in single-assignment form, close to ONNX but with one form per
// operator.
//
// A [Graph] comes from the importer (or from [Parse]), is rewritten by ir/passes and
// read by the executor, the calibration and the conversion. Every operator is a plain
// struct of attributes that can infer its output types; [Graph.Verify] says whether a
// graph is legal; [Graph.WriteText] and [Parse] are the text form:
//
//	input %x float32[1,3,8,8]
//	const %w float32[4,3,1,1] = ramp(-0.5, 0.1)
//	%y float32[1,4,8,8] = Conv(%x, %w) "conv1" {pads=[0,0,0,0]}
//	output %y
package ir
