// Runs a network that command web compiled: node run.mjs NET.wasm OUTPUTS SIZE < pictures
//
// Pictures are SIZE bytes each, one after the other; the OUTPUTS outputs of each are a line.
import { readFileSync } from 'node:fs';

const [file, outputs, size] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const { exports: net } = (await WebAssembly.instantiate(readFileSync(file))).instance;
const pictures = readFileSync(0);
for (let at = 0; at < pictures.length; at += size) {
  new Uint8Array(net.memory.buffer, net.input(), size).set(pictures.subarray(at, at + size));
  console.log([...new Int32Array(net.memory.buffer, net.run(), outputs)].join(' '));
}
