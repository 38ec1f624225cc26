// Package snn holds multi-bit spiking networks and their file format.
//
// A [Network] is a list of layers in topological order. It carries everything that
// running it takes, and what is needed to prepare samples and to name classes, and
// nothing of the network it was converted from. [Network.Verify] checks its structure,
// [Network.Ranges] proves that an integer network never overflows.
//
// # The .snn file
//
// All numbers are little-endian. A file is a header, a table of sections and the
// sections, each at the first multiple of 64 bytes after what is before it; gaps are
// filled with zeros, and nothing follows the last section. The same network gives the
// same bytes. Checksums are CRC-32C (Castagnoli).
//
// The header has 64 bytes:
//
//	offset  size  value
//	0       8     89 'S' 'N' 'N' 0D 0A 1A 0A
//	8       2     major version, 1: readers refuse others
//	10      2     minor version, 0; readers do not look at it
//	12      4     size of the header, 64
//	16      4     number of sections
//	20      4     size of an entry of the section table, 32
//	24      8     length of the file
//	32      4     checksum of the section table
//	36      24    reserved, 0
//	60      4     checksum of bytes 0 to 59
//
// Additions that a reader may skip are sections and fields that are not critical, and whose
// absence means what files said before; they leave both versions as they are. The minor
// version is to grow where a reader has to distinguish files that differ in something else
// than their contents, the major version where old readers must refuse a file.
//
// An entry of the section table, in the order of the sections:
//
//	0       4     kind: 1 graph, 2 data, 3 preprocessing (JSON), 4 conversion record (JSON),
//	              5 calibration samples
//	4       4     flags: 1 is critical; readers skip unknown sections unless critical
//	8       8     offset from the start of the file
//	16      8     length, not 0
//	24      4     checksum of the section
//	28      4     reserved, 0
//
// The graph section is a message. A message is a sequence of fields with rising tags; a
// field is a tag (2 bytes), flags (2 bytes, 1 is critical: readers skip unknown fields
// unless critical), the length of its value (4 bytes) and the value. A field with the
// value 0, or an empty one, may be left out. The types of fields:
//
//	int      integers of 8 bytes
//	float    an int, the bits of a float32 with their sign extended
//	text     UTF-8
//	array    offset and length in bytes (8 each) of elements in the data section, which
//	         start at multiples of 64 there and are in the order of their fields
//	T        a message of type T
//	list T   messages, each after its length (4 bytes)
//
// The data section holds the arrays, so that a reader on a little-endian machine can use
// them where they are. The messages, tag by tag:
//
//	network     1 steps, 2 restim (as the constants of Restim count), 3 rho, 4 integer (0, 1),
//	            5 output: int;  6 list layer;  7 list host;  8 meta
//	host        1 name: text;  2 fn: int (0 softmax, 1 log-softmax, 2 sigmoid, 3 softmax and
//	            4 log-softmax of groups);  3 group, 4 stride: int
//	meta        1 model, 2 SHA-256: text;  3 list label
//	label       1 text
//	layer       1 name: text;  2 op;  3 inputs: int...;  4 shape: int H, W, C;  5 neuron;
//	            6 scale, 7 unit: array float32;  8 ANN value, 9 ANN current: text;
//	            10 density: float. The scale of an integer network's input has one element
//	            or, which readers of the first files refuse, one per channel
//	neuron      1 format: int M, N;  2 threshold: array float32;
//	            3 integer threshold: array int32;  4 signed: int;
//	            5 activation: int (0 rectify, 1 linear, 2 leaky relu, 3 prelu, 4 clip,
//	            5 sigmoid, 6 hard sigmoid, 7 hard swish, 8 silu, 9 tanh, 10 elu and, which
//	            older readers refuse, 11 quantise, 12 gelu, 13 gelu by tanh, 14 mish,
//	            15 softplus, 16 softsign, 17 abs, 18 thresholded relu, 19 erf, 20 exp,
//	            21 log, 22 power, 23 square);
//	            6 a, 7 b: float;  8 slope: array float32
//	op          1 operator: int, which says what the other fields are:
//	  1 input     2 channels first, 3 levels: int
//	  2 conv      window;  6 groups: int;  weights
//	  3 dense     weights
//	  4 sum       2 factors: list float32s;  3 mult: list int32s;  12 biases of float32,
//	            13 biases of int32: arrays
//	  5 sum pool  window
//	  6 max pool  window
//	  7 concat
//	  8 gather    2 index: array int32
//	  9 product   2 parts: int;  3 factor: array float32
//	  10 quantised 2 channels first, 3 levels, 4 low: int, of an input as a QuantizeLinear takes it
//	float32s    1 array float32
//	int32s      1 array int32
//
// where the fields of a window are 2 kernel, 3 stride, 4 dilation (int vertical,
// horizontal) and 5 pad (int top, left, bottom, right), and those of weights are arrays,
// 10 of float32, 11 of int8, 12 biases of float32, 13 biases of int32. What they mean is
// said where the types are declared.
//
// The section of calibration samples says what the network was made of or chosen by: the
// number of its hashes (8 bytes), at most 1,048,576, and the hashes (8 bytes each), rising and
// without repetition. A file without it does not say. A hash is the first 8 bytes of the
// SHA-256 of
//
//	picture    "picture" and 0A; width, height and channels (4 bytes each); the pixels, row by
//	           row from the top, a byte for each channel: 3 for red, green and blue, or 1 if
//	           these are equal in every pixel. They are the pixels as decoded and turned
//	           upright as EXIF says, before resizing and cropping
//	otherwise  "values" and 0A; the values of the model's input, as float32
package snn
