// The camera and the reader. The reader is WebAssembly from this very server; no picture leaves the device.
import { prepareZXingModule, purgeZXingModule, readBarcodes } from 'zxing-wasm/reader';

const WIDTH = 1280, PAUSE = 60, RETRY = 1000;
const READING = { formats: ['QRCode'], tryHarder: true, tryRotate: true, maxNumberOfSymbols: 1 };
const OVERRIDES = { locateFile: () => '/static/vendor/zxing-wasm/zxing_reader.wasm' };
const prepare = () => prepareZXingModule({ overrides: OVERRIDES, fireImmediately: true });
// Fetched with the page, not at the first code: a network that goes away in between would leave a camera that reads nothing.
let reader = prepare();
reader.catch(() => {});

/**
 * Show the camera in `video` and call `found(text)` for each code seen while `isPaused()` is false.
 * Returns a function that switches the light, or null, and a promise kept once codes are read.
 */
export async function watch(video, isPaused, found) {
  const constraints = { video: { facingMode: 'environment', width: { ideal: WIDTH }, height: { ideal: 720 } } };
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const look = async () => {
    if (!isPaused() && video.videoWidth) {
      const text = await read(video, canvas, context).catch(() => null);
      if (text && !isPaused()) found(text);
    }
    setTimeout(look, PAUSE);
  };
  return { torch: torchOf(stream), reads: ready().then(look) };
}

/** Wait for the reader; one that did not come is fetched again until it does, for a failed one stays failed. */
async function ready() {
  for (;;) {
    try { return await reader; } catch { /* no network yet */ }
    await new Promise(done => { setTimeout(done, RETRY); });
    purgeZXingModule();
    reader = prepare();
  }
}

async function read(video, canvas, context) {
  const scale = Math.min(1, WIDTH / video.videoWidth);
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const [code] = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), READING);
  return code?.isValid === false ? null : code?.text;
}

/** The light of the camera, where there is one: a function that switches it, or null. */
function torchOf(stream) {
  const [track] = stream.getVideoTracks();
  if (!track.getCapabilities?.().torch) return null;
  let isOn = false;
  return () => track.applyConstraints({ advanced: [{ torch: (isOn = !isOn) }] });
}
