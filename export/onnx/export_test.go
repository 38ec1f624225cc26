package onnx

// InputDims is how tests know the shape of a model's input.
var InputDims = inputDims
