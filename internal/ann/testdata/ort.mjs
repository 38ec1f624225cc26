// Runs an ONNX model with ONNX Runtime: node ort.mjs MODEL 1,3,32,32 < inputs > outputs
//
// Inputs are raw little-endian float32, any number of samples one after the other; so
// are the outputs, the model's first one for each sample. ANN2SNN_ORT names the folder
// in which npm has installed onnxruntime-node.
import { createRequire } from 'node:module';
import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';

const ort = createRequire(path.join(process.env.ANN2SNN_ORT, 'package.json'))('onnxruntime-node');
const [model, shape] = process.argv.slice(2);
const dims = shape.split(',').map(Number);
const size = dims.reduce((a, b) => a * b);
const stdin = readFileSync(0);
const inputs = new Float32Array(stdin.buffer.slice(stdin.byteOffset, stdin.byteOffset + stdin.length));

const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
for (let at = 0; at < inputs.length; at += size) {
  const input = new ort.Tensor('float32', inputs.slice(at, at + size), dims);
  const outputs = await session.run({ [session.inputNames[0]]: input });
  const { data } = outputs[session.outputNames[0]];
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  for (let done = 0; done < bytes.length;) done += writeSync(1, bytes, done);
}
