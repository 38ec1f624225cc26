// Package onnxgo is what the importer has of onnx-go and of gorgonia's tensors, two
// libraries that are no longer maintained: [Attributes] decodes the attributes of operators
// by the former, [Tensor] lays weights out by the latter. Nothing else imports them, or
// sees their types.
package onnxgo
