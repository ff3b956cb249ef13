// A code off paper by the camera. The page that uses it must be allowed WebAssembly and the camera.
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { html, useEffect, useRef } from './ui.js';

const LOOK_MS = 250, SIDE = 720;
prepareZXingModule({ overrides: { locateFile: (path, before) => (path.endsWith('.wasm') ? '/static/vendor/zxing-wasm/zxing_reader.wasm' : before + path) } });

/** The camera while it is open; whatever code it sees is handed over once. */
export function Camera({ label, seen, failed }) {
  const film = useRef(null);
  useEffect(() => {
    let stream = null, timer = 0, isOver = false;
    const canvas = Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE }), pen = canvas.getContext('2d', { willReadFrequently: true });
    const look = async () => {
      const { videoWidth: width, videoHeight: height } = film.current ?? {};
      if (width) {
        const side = Math.min(width, height);
        pen.drawImage(film.current, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
        const [found] = await readBarcodes(pen.getImageData(0, 0, SIDE, SIDE), { formats: ['QRCode'], maxNumberOfSymbols: 1 });
        if (found?.text && !isOver) return seen(found.text);
      }
      if (!isOver) timer = setTimeout(look, LOOK_MS);
    };
    navigator.mediaDevices?.getUserMedia({ video: { facingMode: 'environment' } }).then(opened => { stream = opened; film.current.srcObject = opened; film.current.play(); look(); }, failed) ?? failed();
    return () => { isOver = true; clearTimeout(timer); stream?.getTracks().forEach(track => track.stop()); };
  }, []);
  return html`<video class="strip" ref=${film} muted playsinline aria-label=${label}></video>`;
}
