// Classifies samples with ONNX Runtime: node classify.mjs MODEL DIMS
//
// DIMS is the shape of a sample with a batch of 1, such as 1,3,32,32. Samples come as
// little-endian float32 on stdin, one after the other; a line of stdout is the class of one.
// ANN2SNN_ORT names the folder in which npm has installed onnxruntime-node.
import { createRequire } from 'node:module';
import path from 'node:path';

const ort = createRequire(path.join(process.env.ANN2SNN_ORT, 'package.json'))('onnxruntime-node');
const dims = process.argv[3].split(',').map(Number);
const size = 4 * dims.reduce((a, b) => a * b);
const session = await ort.InferenceSession.create(process.argv[2], { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });

async function classify(bytes) {
  const data = new Float32Array(new Uint8Array(bytes).buffer);
  const out = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', data, dims) });
  const scores = out[session.outputNames[0]].data;
  return scores.indexOf(Math.max(...scores));
}

let rest = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  rest = Buffer.concat([rest, chunk]);
  for (; rest.length >= size; rest = rest.subarray(size)) {
    console.log(await classify(rest.subarray(0, size)));
  }
}
